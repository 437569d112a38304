import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { owedMessages } from '../support/metrics.js';
import { startChaosLoad, type ChaosLoad } from '../support/topology/chaos-load.js';
import { startChaosWorld, type ChaosReport, type ChaosWorld } from '../worlds/chaos-world.js';
import type { Engines } from '../support/topology/engines.js';
import type { RoleProcess } from '../support/topology/role-process.js';
import { waitFor } from '../support/wait-for.js';

// Two of each role under load, while processes are killed and engines go away: nothing acknowledged is lost, nothing is
// handed over late or twice, every callback arrives. OPTLEDGER_LONG=1: twenty rounds and the full ten seconds;
// OPTLEDGER_CHAOS=leader,frozen: these kinds only.

const LONG = process.env['OPTLEDGER_LONG'] === '1';
const ROUNDS = Number(process.env['OPTLEDGER_ROUNDS'] ?? (LONG ? 20 : 1));
const FAULT_MS = LONG ? 10_000 : 3_000;
const SEED = Math.floor(Math.random() * 2 ** 32);
/** Requests of each kind that have to be acknowledged before the next thing happens. */
const FLOW = 15;
/** Enough of them for the planted fault to show. */
const PLANTED_FLOWS = 40;
/** From the death of the leader to the first hand-over of what came after it. */
const TAKE_OVER_MS = 15_000;

let world: ChaosWorld;
let load: ChaosLoad;
/** When a leader was killed, ms since the epoch. */
const leaderKills: number[] = [];

/** A start that cannot read the ledger in time ends; what keeps processes up starts it again. */
const startAgain = (one: RoleProcess): Promise<void> => one.start().catch(() => one.start());

async function killed(one: RoleProcess): Promise<void> {
  await one.kill();
  await load.flows(FLOW);
  await startAgain(one);
}

async function handedOverSince(at: number): Promise<number | undefined> {
  const acceptedAt = (id: string): number =>
    Math.max(...world.clients.map(({ acknowledged }) => acknowledged.sends.get(id) ?? 0));
  const seen = (await world.handOvers()).filter(({ messageId }) => acceptedAt(messageId) > at);
  return seen.length === 0 ? undefined : Math.min(...seen.map((one) => one.at)) - at;
}

/** The same, asked no oftener than twice a second: it reads all that was handed over. */
async function soon(at: number): Promise<number | undefined> {
  await delay(500);
  return handedOverSince(at);
}

const nth = (role: 'api' | 'worker', round: number): RoleProcess => {
  const all = world.topology.of(role);
  return all[round % all.length] as RoleProcess;
};

interface Kind {
  readonly what: string;
  round(round: number): Promise<void>;
}

type Step = () => Promise<void>;

/** An engine that is not there for a while. @param faultOf how that begins, and how it ends */
function outage(what: string, faultOf: (engines: Engines) => readonly [Step, Step]): Kind {
  return {
    what,
    async round() {
      const [begin, end] = faultOf(world.topology.engines);
      await begin();
      await delay(FAULT_MS);
      await end();
    },
  };
}

const KINDS: Readonly<Record<string, Kind>> = {
  leader: {
    what: 'kill -9 of the leading reactor',
    async round() {
      const leader = await waitFor('a leader', () => world.topology.leader(), 30_000);
      await leader.kill();
      const at = Date.now();
      leaderKills.push(at);
      await waitFor('a hand-over of what came after it', () => soon(at), 60_000);
      await load.flows(FLOW);
      await startAgain(leader);
    },
  },
  worker: { what: 'kill -9 of a worker', round: (round) => killed(nth('worker', round)) },
  api: { what: 'kill -9 of an API process', round: (round) => killed(nth('api', round)) },
  frozen: outage('a ledger that stands still', ({ ledger }) => [ledger.freeze, ledger.thaw]),
  refused: outage('a ledger that refuses connections', ({ ledger }) => [ledger.goAway, ledger.comeBack]),
  temporal: outage('a Temporal that is gone', ({ temporal }) => [temporal.stop, temporal.start]),
};
const chosen = (process.env['OPTLEDGER_CHAOS'] ?? Object.keys(KINDS).join(',')).split(',');

const loadOn = ({ clients, instance }: ChaosWorld) => ({
  ...{ clients, seed: SEED },
  owed: () => owedMessages(instance),
});

beforeAll(async () => {
  world = await startChaosWorld();
  load = startChaosLoad({ ...loadOn(world), prefix: '4670' });
  await load.flows(FLOW);
}, 120_000);
afterAll(() => world.close(), 60_000);

describe(`two of each role under load, ${String(ROUNDS)} rounds each, seed ${String(SEED)}`, () => {
  it.each(chosen)('goes on through: %s', { timeout: ROUNDS * 60_000 + 60_000 }, async (name) => {
    const kind = KINDS[name];
    if (kind === undefined) throw new Error(`no such kind; there are ${Object.keys(KINDS).join(', ')}`);
    const began = performance.now();
    for (let round = 0; round < ROUNDS; round += 1) {
      await kind.round(round);
      await load.flows(FLOW);
    }
    console.log(
      `${kind.what}: ${String(ROUNDS)} rounds in ${String(Math.round((performance.now() - began) / 1000))} s`,
    );
  });

  describe('and afterwards', () => {
    let report: ChaosReport;
    beforeAll(async () => {
      await load.stop();
      report = await world.judge();
      const { acknowledged, refused, timedOut, callbacks, inside } = report;
      console.log(
        `${String(acknowledged.inbound)} inbound and ${String(acknowledged.sends)} sends acknowledged, ` +
          `${String(refused.answered)} refused, ${String(refused.unanswered)} without an answer; ` +
          `${String(inside.dispatched)} handed over, ${String(inside.blocked)} blocked, ` +
          `${String(timedOut)} DELIVERY_TIMED_OUT; ${String(callbacks.delivered)} callbacks delivered; decided ` +
          report.outside
            .map(({ decided, handOvers }) => `${String(decided)} of ${String(handOvers)}`)
            .join(', '),
      );
    }, 400_000);

    it('nothing that was acknowledged is missing from the ledger', () => {
      expect(report.missing).toEqual([]);
    });

    it('nothing was handed over late, as seen from outside and in the ledger', () => {
      for (const outside of report.outside) {
        expect(outside.late).toEqual([]);
        expect(outside.slow).toEqual([]);
        expect(outside.decided).toBeGreaterThan(outside.handOvers / 2);
      }
      expect(report.inside.late).toEqual([]);
      expect(report.inside.wronglyBlocked).toEqual([]);
      expect(report.inside.blocked).toBeGreaterThan(0);
    });

    it('nothing was handed over twice', () => {
      expect(report.twice).toEqual([]);
    });

    it('every callback was delivered', () => {
      expect(report.callbacks.parked).toBe(0);
      expect(report.callbacks.delivered).toBeGreaterThan(0);
      expect(report.unheard).toEqual([]);
    });

    it.runIf(chosen.includes('leader'))('another reactor had taken over in time', async () => {
      const times = (await Promise.all(leaderKills.map(handedOverSince))).map((ms) => ms ?? Number.NaN);
      times.sort((a, b) => a - b);
      const [p50, max] = [times[Math.floor(times.length / 2)] ?? Number.NaN, times.at(-1) ?? Number.NaN];
      console.log(`take-over: p50 ${String(p50)} ms, max ${String(max)} ms of ${String(times.length)}`);
      expect(times).toHaveLength(ROUNDS);
      expect(max).toBeLessThanOrEqual(TAKE_OVER_MS);
    });
  });
});

describe.runIf(LONG)('the same processes with a cache in front of the standing', () => {
  it('are found out by both checkers', { timeout: 600_000 }, async () => {
    const faulty = await startChaosWorld(resolve(import.meta.dirname, '../support/races/planted-main.ts'));
    try {
      const play = startChaosLoad({ ...loadOn(faulty), prefix: '4671' });
      for (let n = 0; n < PLANTED_FLOWS; n += 1) await play.flows(FLOW);
      await play.stop();
      const { outside, inside } = await faulty.judge();
      const late = outside.flatMap((one) => one.late).length;
      console.log(`planted · ${String(late)} late outside, ${String(inside.late.length)} in the ledger`);
      expect(late).toBeGreaterThan(0);
      expect(inside.late.length).toBeGreaterThan(0);
    } finally {
      await faulty.close();
    }
  });
});
