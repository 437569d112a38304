import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOutside, startRace, type Race } from '../support/races/race.js';
import { createRandom } from '../support/races/race-play.js';

// Opt-outs, opt-ins, switches of the mode and sends of the same contacts at the same time: nothing is handed over
// after the acknowledgement of what blocks it. Two checkers: a client with its own clock, and the ledger itself.

const SEED = Math.floor(Math.random() * 2 ** 32);
const CONTACTS = 200;
const PACE = { contacts: CONTACTS, atOnce: 16, prefix: '4670', modeEveryMs: 700 };
const LONG = process.env['OPTLEDGER_LONG'] === '1';
const ROUNDS = LONG ? 50 : 4;

describe(`a race over ${CONTACTS} contacts and ${ROUNDS} rounds on each channel, seed ${SEED}`, () => {
  let race: Race;
  beforeAll(async () => {
    race = await startRace();
  });
  afterAll(() => race.close());

  it('is run to its end', { timeout: ROUNDS * 30_000 }, async () => {
    const began = performance.now();
    await race.play({ ...PACE, rounds: ROUNDS, random: createRandom(SEED) });
    console.log(`seed ${SEED}: played in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  });

  it('shows no late hand-over from outside', { timeout: 300_000 }, async () => {
    const reports = Object.entries(await race.outside());
    for (const [name, report] of reports) {
      console.log(describeOutside(name, report));
      expect(report.late, name).toEqual([]);
      expect(report.slow, name).toEqual([]);
      // Enough was blocked and enough allowed for the race to mean something.
      expect(report.handOvers, name).toBeGreaterThan((CONTACTS * ROUNDS) / 5);
      expect(report.decided, name).toBeGreaterThan(report.handOvers / 2);
    }
  });

  it('shows no late hand-over in the ledger', { timeout: 120_000 }, async () => {
    const report = await race.inside();
    const { dispatched, blocked, stale } = report;
    console.log(`ledger: ${dispatched} dispatched, ${blocked} blocked, ${stale} redemptions found a change`);
    expect(report.late).toEqual([]);
    expect(report.wronglyBlocked).toEqual([]);
    expect(stale).toBeGreaterThan(0);
  });
});

describe(`the same race with a cache in front of the standing, seed ${SEED}`, () => {
  let race: Race;
  beforeAll(async () => {
    race = await startRace({ planted: true });
  });
  afterAll(() => race.close());

  it('is found out by both checkers', { timeout: 900_000 }, async () => {
    const random = createRandom(SEED);
    let late = 0;
    for (let portion = 0; portion < 8 && late === 0; portion += 1) {
      await race.play({ ...PACE, rounds: 5, random });
      for (const [name, report] of Object.entries(await race.outside())) {
        console.log(`planted · ${describeOutside(name, report)}`);
        late += report.late.length;
      }
    }
    expect(late).toBeGreaterThan(0);
    const inside = await race.inside();
    console.log(`planted · ledger: ${inside.late.length} late`);
    expect(inside.late.length).toBeGreaterThan(0);
  });
});
