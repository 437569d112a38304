import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, type CliRun } from '../support/cli/cli.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { inbound, phone, registerWebhook, send } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

const PERSON = '46700000001';
const STRANGER = '46700000002';

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance({ temporal: 'shared' });
  await registerWebhook(instance, `${receiver.url}/hook`, { secret: 'a secret of the receiver' });
});
afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

/** On the data folder of the instance, as somebody who has just started it. */
const cli = (...args: readonly string[]): Promise<CliRun> => runCli(args, { DATA_DIR: instance.dataDir });
async function json<T = Record<string, unknown>>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await cli(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}
const longest = (text: string): number =>
  Math.max(...text.split('\n').map((line) => Array.from(line).length));

describe('one person', () => {
  interface Shown {
    readonly identity: string;
    readonly entries: readonly { readonly kind: string; readonly what: string; readonly detail: string }[];
  }

  beforeAll(async () => {
    await inbound(instance, PERSON, 'STOP');
    await waitFor('the reply', async () => (await phone(instance)).length === 1);
    await send(instance, PERSON, 'CONTENT_MARKETING');
    await waitFor('the block', async () =>
      (await json<Shown>('contact', PERSON)).entries.some(({ what }) => what === 'message out, blocked'),
    );
    await waitFor('the callbacks', async () => receiver.requests.length >= 4);
  });

  it('has a timeline: message, change, reply, block and callbacks, in the order of the ledger', async () => {
    const { stdout, code } = await cli('contact', `+${PERSON}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/OPT_OUT_ALL +opted out +\d{4}-/);
    expect(longest(stdout)).toBeLessThanOrEqual(100);
    const { identity, entries } = await json<Shown>('contact', PERSON);
    expect(identity).toBe(PERSON);
    const told = entries.filter(({ kind }) => kind !== 'callback').map(({ what }) => what);
    expect(told).toEqual(['message in', 'opted out', 'message out, dispatched', 'message out, blocked']);
    const about = (detail: string): number => entries.findIndex((one) => one.detail.includes(detail));
    expect(about('OPT_OUT to webhook')).toBeGreaterThan(1);
    expect(about('MESSAGE_INBOUND to webhook')).toBeLessThan(
      entries.findIndex(({ what }) => what.endsWith('blocked')),
    );
  });

  it('that nobody knows has an empty one', async () => {
    const { stdout } = await cli('contact', STRANGER);
    expect(stdout).toContain('nothing is recorded of this identity in this app');
    expect((await json<Shown>('contact', STRANGER)).entries).toEqual([]);
  });

  it('goes into no log of the instance', () => {
    expect(instance.output()).not.toContain(PERSON);
  });
});

describe('callbacks', () => {
  interface Listed {
    readonly callbacks: readonly { readonly id: string; readonly state: string }[];
  }

  it('are listed, shown with their tries, and tried again', async () => {
    receiver.script({ status: 503 });
    await inbound(instance, STRANGER, 'hello');
    const waiting = await waitFor('a waiting callback', async () =>
      (
        await json<Listed>('callbacks', 'list', '--state', 'waiting', '--app', 'demo', '--identity', STRANGER)
      ).callbacks.at(0),
    );
    await waitFor('its first try', async () =>
      (await cli('callbacks', 'show', waiting.id)).stdout.includes('503'),
    );
    const { stdout } = await cli('callbacks', 'list', '--state', 'waiting');
    expect(stdout).toMatch(/^id +event +trigger +state +tries +last/);
    expect(stdout).toContain(waiting.id);
    expect(longest(stdout)).toBeLessThanOrEqual(100);
    const again = await cli('callbacks', 'retry', waiting.id);
    expect([again.code, again.stderr]).toEqual([1, 'It was not delivered and is waiting.\n']);
    receiver.script({ status: 200 });
    const delivered = await cli('callbacks', 'retry', waiting.id);
    expect([delivered.code, delivered.stderr]).toEqual([0, '']);
    expect(delivered.stdout).toMatch(/^state +delivered$/m);
    const shown = await json<{ attempt_log: unknown[] }>('callbacks', 'show', waiting.id);
    expect(shown.attempt_log.length).toBeGreaterThanOrEqual(3);
    const ended = await cli('callbacks', 'retry', waiting.id, '--json');
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([1, '', expect.stringMatching(/delivered/)]);
    expect((await cli('callbacks', 'list', '--state', 'parked')).stdout).toBe('no callback is like that\n');
  });
});
