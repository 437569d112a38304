import type { Config } from '../config.js';
import type { Instance } from './instance.js';
import { titleOf, ROLES, type RoleName } from './roles.js';

interface Announcement {
  readonly config: Config;
  readonly role: RoleName;
  readonly say: (line: string) => void;
  readonly onTerminal: boolean;
}

/** Says where everything is. The secret itself is shown on a terminal only: logs are kept. */
export function announce(
  { url, temporalUi, demo, degraded }: Pick<Instance, 'url' | 'temporalUi' | 'demo' | 'degraded'>,
  { config, role, say, onTerminal }: Announcement,
): void {
  const { api, worker } = ROLES[role];
  say('');
  say(api ? `  API         ${url}  (reference at ${url}/docs)` : `  Health      ${url}/health/ready`);
  say(`  Temporal    ${temporalUi ?? config.temporal.address ?? 'not running'}`);
  if (demo !== undefined) {
    say(`  Project     ${demo.projectId}, app ${demo.appId}`);
    say(`  Key id      ${demo.keyId}`);
    say(`  Key secret  ${onTerminal ? demo.keySecret : `in ${config.demoFile}`}`);
    say(`  demo.json   ${config.demoFile}`);
  }
  if (worker && config.callbackAllowCidrs.length > 0) {
    say(`  Callbacks   may reach ${config.callbackAllowCidrs.join(', ')} as well (CALLBACK_ALLOW_CIDRS)`);
  }
  say('');
  if (degraded === undefined) say(`${titleOf(role)} is ready`);
  else if (api) say(`${titleOf(role)} takes messages in, but is degraded: see above`);
  else say(`${titleOf(role)} waits for Temporal: see above`);
}
