import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutboundMessage } from '../../channels/channel.js';
import { openSimulator, type Simulator } from '../../channels/simulator.js';

const NOW = Date.parse('2026-01-02T03:04:05.678Z');
let dir: string;
let now: number;
let simulator: Simulator;
const open = (): Simulator => openSimulator({ file: join(dir, 'simulator.db'), clock: { now: () => now } });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'simulator-'));
  now = NOW;
  simulator = open();
});
afterEach(() => {
  simulator.close();
  rmSync(dir, { recursive: true });
});

const message = (id: string, appId = 'app-1'): OutboundMessage => ({
  messageId: id,
  projectId: 'p',
  appId,
  kind: 'MESSAGE',
  channel: 'SMS',
  identity: '46700000001',
  sender: '46700000000',
  text: `text of ${id}`,
  message: {},
  contentType: 'CONTENT_UNKNOWN',
  attempt: 1,
});
const handOver = async (of: OutboundMessage) => (await simulator.channel.prepare(of)).begin();

/** What another process would read, past anything that only this connection knows. */
function rowsOnDisk(): number {
  const other = new DatabaseSync(join(dir, 'simulator.db'), { readOnly: true });
  const count = Number(other.prepare('SELECT count(*) AS n FROM calls').get()?.['n']);
  other.close();
  return count;
}

describe('simulator', () => {
  it('takes the hand-over time in the turn of begin and answers when the row is durable', async () => {
    const prepared = await simulator.channel.prepare(message('m-1'));
    now += 10;
    const outcome = prepared.begin();
    now += 10;
    expect(rowsOnDisk()).toBe(0);
    expect(await outcome).toEqual({
      outcome: 'taken',
      handedOverAt: '2026-01-02T03:04:05.688Z',
      reports: ['QUEUED_ON_CHANNEL', 'DELIVERED'],
    });
    expect(rowsOnDisk()).toBe(1);
    expect(simulator.page('app-1', { after: 0, limit: 10 })).toEqual({
      messages: [
        {
          messageId: 'm-1',
          identity: '46700000001',
          text: 'text of m-1',
          kind: 'MESSAGE',
          handedOverAt: '2026-01-02T03:04:05.688Z',
        },
      ],
      next: null,
    });
  });

  it('has a row for every call, also for a repeated one, and knows no idempotency', async () => {
    await Promise.all([handOver(message('m-1')), handOver(message('m-1')), handOver(message('m-1'))]);
    expect(simulator.page('app-1', { after: 0, limit: 10 }).messages).toHaveLength(3);
    expect(simulator.channel.idempotent).toBe(false);
  });

  it('has none for what was prepared and released', async () => {
    (await simulator.channel.prepare(message('m-1'))).release();
    await handOver(message('m-2'));
    expect(rowsOnDisk()).toBe(1);
  });

  it('pages in the order of the calls, each app its own, also when the clock steps back', async () => {
    const ids = Array.from({ length: 25 }, (_, i) => `m-${String(i)}`);
    for (const id of ids) {
      now -= 1;
      await Promise.all([handOver(message(id)), handOver(message(id, 'app-2'))]);
    }
    const seen: string[] = [];
    let pages = 0;
    for (let after: number | null = 0; after !== null; pages++) {
      const page = simulator.page('app-1', { after, limit: 5 });
      seen.push(...page.messages.map(({ messageId }) => messageId));
      after = page.next;
    }
    expect(seen).toEqual(ids);
    expect(pages).toBe(5);
  });

  it('keeps what it holds over a restart', async () => {
    await handOver(message('m-1'));
    simulator.close();
    simulator = open();
    await handOver(message('m-2'));
    expect(
      simulator.page('app-1', { after: 0, limit: 10 }).messages.map(({ messageId }) => messageId),
    ).toEqual(['m-1', 'm-2']);
  });

  it('commits what waits when it closes, more than one commit holds included', async () => {
    const calls = Array.from({ length: 600 }, (_, i) => handOver(message(`m-${String(i)}`)));
    await Promise.resolve();
    simulator.close();
    expect((await Promise.all(calls)).every(({ outcome }) => outcome === 'taken')).toBe(true);
    expect(rowsOnDisk()).toBe(600);
    simulator = open();
  });

  it('says so when a row cannot be written', async () => {
    const other = new DatabaseSync(join(dir, 'simulator.db'));
    other.exec('DROP TABLE calls');
    other.close();
    await expect(handOver(message('m-1'))).rejects.toThrow();
  });
});
