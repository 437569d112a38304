import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Finding } from '../../bin/doctor/finding.js';
import type { Report } from '../../bin/doctor/report.js';
import { runCli } from '../support/cli/cli.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { inbound } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

/** What `optledger doctor --json` says, and its exit code. */
export async function examined(
  environment: Readonly<Record<string, string>>,
): Promise<Report & { code: number }> {
  const { code, stdout, stderr } = await runCli(['doctor', '--json'], environment);
  if (stdout === '') throw new Error(`doctor said nothing but: ${stderr}`);
  return { ...(JSON.parse(stdout) as Report), code };
}

/** Findings that are not `ok`. */
export const wrong = ({ findings }: Report): Finding[] => findings.filter(({ level }) => level !== 'ok');

/** A copy of a stopped instance's folder, to be spoiled. */
export function copyOf(dataDir: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'optledger-doctor-'));
  cpSync(dataDir, copy, { recursive: true });
  return copy;
}

/** Runs SQL on a file of a stopped instance. */
export function execute(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

/** An instance on which much is configured as a new user gets it wrong. Stopped; the folder is left. */
export async function sloppyFolder(): Promise<{
  readonly dataDir: string;
  readonly ids: Readonly<Record<string, string>>;
}> {
  const receiver = await startWebhookReceiver();
  receiver.script({ status: 410 });
  const instance = await startInstance({
    // Allowed when these are registered; what is allowed later is another matter.
    environment: { CALLBACK_ALLOW_CIDRS: '127.0.0.0/8,8.8.8.0/24,10.0.0.0/8' },
  });
  const webhook = (target: string, more: object = {}): Promise<string> =>
    idOf(instance, '/webhooks', {
      app_id: instance.appId,
      target,
      target_type: 'HTTP',
      triggers: ['OPT_OUT'],
      ...more,
    });
  const secret = 'long enough to be a secret';
  const ids = {
    gone: await webhook(`${receiver.url}/gone`, { secret }),
    unsigned: await webhook('https://8.8.8.8/unsigned', { triggers: [] }),
    short: await webhook('http://8.8.8.8/short', { secret: 'short', triggers: [] }),
    unknown: await webhook('https://nowhere.invalid/hook', { secret, triggers: [] }),
    inside: await webhook('https://10.1.2.3/hook', { secret, triggers: [] }),
    secondary: await app(instance, { mode: 'SECONDARY' }),
    off: await app(instance, { enabled: false }),
  };
  await inbound(instance, '12025550123', 'STOP');
  await waitFor('the webhook to be off', async () => {
    const { stdout } = await runCli(['doctor', '--json'], { DATA_DIR: instance.dataDir });
    return stdout.includes('410 Gone');
  });
  await instance.stop();
  await receiver.close();
  return { dataDir: instance.dataDir, ids };
}

async function app(instance: Instance, settings: object): Promise<string> {
  const id = await idOf(instance, '/apps', { display_name: 'A', channel_credentials: [] });
  await instance.call('PATCH', `/apps/${id}/consent-settings`, settings);
  return id;
}

async function idOf(instance: Instance, path: string, body: object): Promise<string> {
  const answer = await instance.call<{ id: string }>('POST', path, body);
  if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** Everything that the folder's text files hold that nobody may see in a report. */
export function secretsOf(dataDir: string): string[] {
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as { keySecret: string };
  return [demo.keySecret, readFileSync(join(dataDir, 'root.key'), 'utf8').trim()];
}
