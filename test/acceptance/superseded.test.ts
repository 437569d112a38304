import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveId, ulidOf } from '../../ledger/event-ids.js';
import { ON_ROLES, NOBODY_THERE, startInstance, type Instance } from '../support/instance/instance.js';
import { reasonOfEnd } from '../support/ledger/ledger-file.js';
import { nothingOwed } from '../support/metrics.js';
import { LATEST_MS } from '../support/races/race-judge.js';
import { checkReplies } from '../support/races/reply-ledger.js';
import { startReplies, startThenStop } from '../support/races/start-stop.js';
import { inbound, phone } from '../support/story.js';

// A reply tells what stood when its cause was recorded. Once that is no longer so, it must not go out.

const CONTACTS = 60;
const LATEST = ON_ROLES ? LATEST_MS.ledgerServer : LATEST_MS.ledgerFile;

let instance: Instance;

beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
});
afterAll(() => instance.stop());

/** The id of the reply that an inbound message causes. */
const replyOf = (eventId: string): string => ulidOf(deriveId(eventId, 'reply'));

/** A third comes a second after the START, the others at all distances up to 300 ms. */
const pauseMs = (person: number): number => (person % 3 === 0 ? 1_000 : person * 5);

describe('START, then STOP one second later', () => {
  it('the START reply is never handed over after the STOP', { timeout: 180_000 }, async () => {
    const options = { prefix: '46760', people: CONTACTS, repeat: true, pauseMs };
    const played = await startThenStop(instance, options);
    const { all, late } = await startReplies(instance, played, LATEST);
    console.log(
      `${String(all.length)} of ${String(CONTACTS)} START replies went out, ${String(late.length)} after the STOP; ` +
        `${String(played.refused)} answers 503`,
    );
    expect(late).toEqual([]);
  });
});

describe('a reply that nobody could hand over in time', () => {
  it('is dropped as superseded after a restart', { timeout: 120_000 }, async () => {
    const identity = '46761000001';
    // Nothing listens there: the API takes messages in, nothing is handed over.
    const idle = await startInstance({
      environment: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
      policy: NOBODY_THERE,
      readyText: 'is degraded',
    });
    await inbound(idle, identity, 'STOP');
    const start = await inbound(idle, identity, 'START');
    await inbound(idle, identity, 'STOP');
    await idle.stop();
    const again = await startInstance({ temporal: 'shared', dataDir: idle.dataDir });
    try {
      await nothingOwed(again, 60_000);
      const texts = (await phone(again)).map(({ text }) => text);
      expect(texts.filter((text) => text.includes('get back'))).toEqual([]);
      // Both opt-outs changed something, but only the second still stands for what its reply says.
      expect(texts).toEqual(['Your request to leave has been accomplished.']);
      expect(await reasonOfEnd(again.dataDir, replyOf(start.body.event_id))).toBe('superseded');
    } finally {
      await again.stop();
    }
  });

  it('is recorded as expired five minutes after its cause', async () => {
    const identity = '46761000002';
    const receivedAt = new Date(Date.now() - 5 * 60_000 - 1_000).toISOString();
    const stop = await inbound(instance, identity, 'STOP', { receivedAt });
    await nothingOwed(instance, 30_000);
    expect((await phone(instance)).filter((one) => one.identity === identity)).toEqual([]);
    expect(await reasonOfEnd(instance.dataDir, replyOf(stop.body.event_id))).toBe('expired');
  });
});

describe('the ledger of all this', () => {
  it('shows no reply that was begun after what contradicts it', { timeout: 60_000 }, async () => {
    await instance.stop();
    const report = await checkReplies(instance.dataDir);
    console.log(`ledger: ${JSON.stringify(report)}`);
    expect(report).toMatchObject({ late: [], old: [] });
    expect(report.dispatched).toBeGreaterThanOrEqual(CONTACTS);
    // Some came in time and some did not, else it would mean little.
    expect(report.superseded).toBeGreaterThan(0);
  });
});

/** Another program than the product's, for as long as `use` lasts. */
async function withProgram(
  name: string,
  use: (one: Instance) => Promise<void>,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const entry = resolve(import.meta.dirname, `../support/races/${name}`);
  const one = await startInstance({ entry, environment });
  try {
    await use(one);
  } finally {
    await one.stop();
  }
}

describe.skipIf(ON_ROLES)('the same with a cache of a second in front of the standing', () => {
  it('is found out by both checkers', { timeout: 300_000 }, async () => {
    let dataDir = '';
    let seen = 0;
    const race = async (planted: Instance): Promise<void> => {
      dataDir = planted.dataDir;
      for (let portion = 0; portion < 8 && seen === 0; portion += 1) {
        const options = { prefix: `4675${String(portion)}`, people: CONTACTS, repeat: true };
        const played = await startThenStop(planted, { ...options, pauseMs: (person) => person * 25 });
        const { all, late } = await startReplies(planted, played);
        console.log(`planted · ${String(late.length)} of ${String(all.length)} START replies late`);
        seen += late.length;
      }
    };
    await withProgram('planted-main.ts', race, { PLANTED_CACHE_MS: '1000' });
    expect(seen).toBeGreaterThan(0);
    const { late, dispatched } = await checkReplies(dataDir);
    console.log(`planted · ledger: ${String(late.length)} of ${String(dispatched)} late`);
    expect(late.length).toBeGreaterThan(0);
  });
});

// The test above once counted from any answer to the last STOP, and failed on a machine with a load of 15 to 19. What
// an overloaded instance refuses (503) is in no ledger, and nothing contradicts the START reply until the provider
// comes again. Here the guard against overload is made to refuse, and both ways of counting are tried.
// An experiment about a machine too slow for its load: it shows how the answer was once mistaken for a promise.
describe.runIf(!ON_ROLES && process.env['OPTLEDGER_LONG'] === '1')('a STOP that is refused', () => {
  it('promises nothing; one that is acknowledged on its repetition does', { timeout: 300_000 }, async () => {
    let dataDir = '';
    await withProgram('stalled-main.ts', async (stalled) => {
      dataDir = stalled.dataDir;
      const stall = (): void => {
        process.kill(stalled.pid, 'SIGUSR2');
      };
      const options = { people: CONTACTS, pauseMs: () => 2_800, onStarted: stall };
      const once = await startThenStop(stalled, { ...options, prefix: '46740', repeat: false });
      const counted = await startReplies(stalled, once);
      console.log(
        `any answer counts: ${String(once.refused)} × 503, ${String(counted.late.length)} of ${String(counted.all.length)} late`,
      );
      const again = await startThenStop(stalled, { ...options, prefix: '46741', repeat: true });
      const judged = await startReplies(stalled, again);
      console.log(
        `acknowledged ones count: ${String(again.refused)} × 503, ${String(judged.late.length)} of ${String(judged.all.length)} late`,
      );
      expect(once.refused).toBeGreaterThan(0);
      expect(counted.late.length).toBeGreaterThan(0);
      expect(again.refused).toBeGreaterThan(0);
      expect(judged.late).toEqual([]);
    });
    expect(await checkReplies(dataDir)).toMatchObject({ late: [], old: [] });
  });
});
