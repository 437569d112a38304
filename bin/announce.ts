import type { Config } from './config.js';
import type { Instance } from './instance.js';

/** Says where everything is. The secret itself is shown on a terminal only: logs are kept. */
export function announce(
  { url, temporalUi, demo, degraded }: Pick<Instance, 'url' | 'temporalUi' | 'demo' | 'degraded'>,
  config: Config,
  say: (line: string) => void,
  onTerminal: boolean,
): void {
  say('');
  say(`  API         ${url}  (reference at ${url}/docs)`);
  say(`  Temporal    ${temporalUi ?? config.temporal.address ?? 'not running'}`);
  if (demo !== undefined) {
    say(`  Project     ${demo.projectId}, app ${demo.appId}`);
    say(`  Key id      ${demo.keyId}`);
    say(`  Key secret  ${onTerminal ? demo.keySecret : `in ${config.demoFile}`}`);
    say(`  demo.json   ${config.demoFile}`);
  }
  if (config.callbackAllowCidrs.length > 0) {
    say(`  Callbacks   may reach ${config.callbackAllowCidrs.join(', ')} as well (CALLBACK_ALLOW_CIDRS)`);
  }
  say('');
  say(
    degraded === undefined ? 'optledger is ready' : 'optledger takes messages in, but is degraded: see above',
  );
}
