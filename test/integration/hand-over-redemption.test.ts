import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastEventReader, type ReadLast } from '../../activities/messages/decision-facts.js';
import { handOver } from '../../activities/messages/hand-over.js';
import { readMessages } from '../../activities/messages/read-messages.js';
import type { Channel } from '../../channels/channel.js';
import type { Recorded } from '../../ledger/ledger.js';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { planMessage } from '../../workflows/plan-message.js';
import { appState, World } from '../worlds/hand-over-world.js';

const CONTACTS = 20;
const ROUNDS = 25;

let dir: string;
let ledger: SqliteLedger;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'redemption-'));
  ledger = await openSqliteLedger({ file: join(dir, 'ledger.db'), lockFile: join(dir, 'ledger.lock') });
});
afterEach(async () => {
  await ledger.close();
  rmSync(dir, { recursive: true });
});

/** Reproducible disorder (mulberry32). */
function randomness(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a client that waits for its answers knows: null while a change is under way that may already hold. */
interface Known {
  optedOut: Map<string, boolean | null>;
  primary: boolean | null;
}

interface Tally {
  calls: number;
  late: number;
  stale: number;
  blocked: number;
}

/** Opt-outs, opt-ins, mode switches and sends of many contacts at once; counts calls that came after a block. */
async function race(seed: number, readLast: ReadLast): Promise<Tally> {
  const random = randomness(seed);
  const world = new World(ledger, { now: () => Date.now() });
  const { clock } = world;
  await world.configure();
  const known: Known = { optedOut: new Map(), primary: true };
  const tally: Tally = { calls: 0, late: 0, stale: 0, blocked: 0 };
  const jitter = async (): Promise<void> => (random() < 0.5 ? nextTurn() : pause(random() * 8));
  const contactOf = new Map<string, string>();
  const channel: Channel = {
    idempotent: false,
    async prepare({ messageId }) {
      await jitter();
      return {
        begin() {
          tally.calls += 1;
          const optedOut = known.optedOut.get(contactOf.get(messageId) ?? '');
          if (optedOut === true && known.primary === true) tally.late += 1;
          return Promise.resolve({ outcome: 'taken', handedOverAt: new Date().toISOString(), reports: [] });
        },
        release: () => undefined,
      };
    },
  };

  async function move(contactId: string): Promise<void> {
    const optOut = random() < 0.5;
    if (!optOut) known.optedOut.set(contactId, null);
    await world.consent(contactId, optOut ? 'OPT_OUT' : 'OPT_IN');
    known.optedOut.set(contactId, optOut);
  }

  async function send(contactId: string, name: string): Promise<void> {
    const item = await world.send(name, contactId);
    contactOf.set(item.messageId, contactId);
    for (;;) {
      const read = await readMessages({ ledger, clock, channelFor: () => channel }, [item]);
      const step = planMessage(read, read.messages[0] ?? { status: 'ended', item, as: 'failed' });
      if (step.step !== 'act') return;
      if (step.plan.action === 'block') tally.blocked += 1;
      const deps = { ledger, clock, newId: randomUUID, channelFor: () => channel, readLast };
      const result = await handOver(deps, step.plan, { signal: new AbortController().signal });
      if (result.state === 'again' && result.why === 'stale') tally.stale += 1;
    }
  }

  async function switchMode(): Promise<void> {
    const primary = known.primary !== true;
    if (!primary) known.primary = null;
    await world.configure(appState({ mode: primary ? 'PRIMARY' : 'SECONDARY' }));
    known.primary = primary;
  }

  const contacts = Array.from({ length: CONTACTS }, (_, n) => `c${String(n)}`);
  await Promise.all([
    ...contacts.map(async (contactId) => {
      for (let round = 0; round < ROUNDS; round++) {
        await jitter();
        await move(contactId);
      }
    }),
    ...contacts.map(async (contactId) => {
      for (let round = 0; round < ROUNDS; round++) {
        await jitter();
        await send(contactId, `${contactId}-${String(round)}`);
      }
    }),
    (async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await pause(random() * 15);
        await switchMode();
      }
    })(),
  ]);
  return tally;
}

describe('redemption on the real ledger', () => {
  it.each([1, 2, 3])(
    'begins no call after an opt-out or a switch to Primary that was acknowledged (seed %i)',
    async (seed) => {
      const tally = await race(seed, lastEventReader(ledger));
      expect(tally.late).toBe(0);
      // The race was one: many calls, many blocks, and answers that changed in the last moment.
      expect(tally.calls).toBeGreaterThan(100);
      expect(tally.blocked).toBeGreaterThan(20);
      expect(tally.stale).toBeGreaterThan(5);
    },
  );

  it('would show a cache of 50 ms in front of the standing', async () => {
    const cached = new Map<string, { at: number; last: Promise<Recorded | undefined> }>();
    const readLast = lastEventReader(ledger);
    const tally = await race(1, (stream) => {
      const now = Date.now();
      const known = cached.get(stream);
      if (known !== undefined && now - known.at < 50) return known.last;
      const last = readLast(stream);
      cached.set(stream, { at: now, last });
      return last;
    });
    expect(tally.late).toBeGreaterThan(0);
  });

  it('lets no commit and no timer run between the last read and the call', async () => {
    const world = new World(ledger, { now: () => Date.now() });
    await world.configure();
    const item = await world.send('m1', 'c1');
    const { clock } = world;
    let turn = 0;
    let seen = -1;
    const readLast = lastEventReader(ledger);
    const channel: Channel = {
      idempotent: false,
      prepare: async () => ({
        begin: () => {
          seen = turn;
          return Promise.resolve({ outcome: 'taken', handedOverAt: new Date().toISOString(), reports: [] });
        },
        release: () => undefined,
      }),
    };
    const read = await readMessages({ ledger, clock, channelFor: () => channel }, [item]);
    const step = planMessage(read, read.messages[0] ?? { status: 'ended', item, as: 'failed' });
    if (step.step !== 'act') throw new Error('nothing to do');
    await handOver(
      {
        ...{ ledger, clock, newId: randomUUID, channelFor: () => channel },
        readLast: (stream) => {
          turn = 0;
          setImmediate(() => (turn += 1));
          return readLast(stream);
        },
      },
      step.plan,
      { signal: new AbortController().signal },
    );
    expect(seen).toBe(0);
  });
});
