import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONNECTIONS,
  runCampaign,
  unloadedRate,
  type CampaignWorld,
  type Latency,
} from '../support/campaign/campaign.js';
import { startHooks, type Hooks } from '../support/campaign/hooks.js';
import { readPhones } from '../support/campaign/phones.js';
import { ON_ROLES, startInstance } from '../support/instance/instance.js';
import { registerWebhook } from '../support/story.js';

// Sends come in as fast as they are taken, and a STOP a second beside them: people are answered as if there were no
// campaign, and the campaign itself is handed over at the pace of a quiet day. The long form has the figures that are
// promised; the short one those that a machine keeps whatever else it does, and that a collapse does not: it took people
// 40 s and more to be answered, and handed over ever less.

const LONG = process.env['OPTLEDGER_LONG'] === '1';
const SIZE = { seconds: LONG ? 60 : 8 };
const LIMITS = LONG
  ? { ackMs: 500, personMs: 3_000, ofBest: 0.8, rssMb: 600, windowMs: 5_000, drainMs: 300_000 }
  : { ackMs: 15_000, personMs: 25_000, ofBest: 0.08, rssMb: 1_000, windowMs: 3_000, drainMs: 150_000 };

let world: CampaignWorld;
let reports: Hooks;
let best = 0;

const shown = ({ count, p50, p99 }: Latency): string =>
  `${String(count)}: p50 ${String(p50)}, p99 ${String(p99)} ms`;

beforeAll(async () => {
  if (ON_ROLES) return;
  const people = await startHooks();
  reports = await startHooks();
  const instance = await startInstance();
  await registerWebhook(instance, people.url, { triggers: ['OPT_IN', 'OPT_OUT'] });
  world = { instance, people, phones: readPhones(instance.dataDir) };
});
afterAll(async () => {
  if (ON_ROLES) return;
  world.phones.close();
  await Promise.all([world.people.stop(), reports.stop()]);
});

describe.skipIf(ON_ROLES)('a campaign', () => {
  it('on a quiet day is handed over at some rate', { timeout: 200_000 }, async () => {
    best = await unloadedRate(world, LONG ? 6_000 : 2_500);
    console.log(`unloaded ${best.toFixed(0)} hand-overs/s`);
    expect(best).toBeGreaterThan(0);
  });

  it.each(LONG ? ['alone', 'with reports'] : ['alone'])('%s', { timeout: 500_000 }, async (how) => {
    if (how === 'with reports') {
      const triggers = ['MESSAGE_SUBMIT', 'MESSAGE_DELIVERY'];
      await registerWebhook(world.instance, reports.url, { triggers });
    }
    const prefix = how === 'alone' ? '46701' : '46702';
    const { windowMs, drainMs } = LIMITS;
    const report = await runCampaign(world, SIZE, { prefix, windowMs, drainMs });
    const { taken, refused, p99, drainSeconds, floodRate, drainRates, mostRssMb } = report;
    console.log(
      [
        `${how}: ${String(taken)} taken in ${String(SIZE.seconds)} s (p99 ${String(p99)} ms, ${String(refused)} refused)`,
        `handed over at ${floodRate.toFixed(0)}/s meanwhile, then at ${drainRates.median.toFixed(0)}/s, never below ` +
          `${drainRates.min.toFixed(0)}/s, drained after ${drainSeconds.toFixed(1)} s`,
        `STOPs acknowledged ${shown(report.acknowledged)}; answered ${shown(report.replied)}; told ${shown(report.told)}`,
        `${mostRssMb.toFixed(0)} MB`,
      ].join('\n  '),
    );
    // The flood ends without hearing the answers to its last requests.
    expect(report.handedOver).toBeGreaterThanOrEqual(taken);
    expect(report.handedOver).toBeLessThanOrEqual(taken + CONNECTIONS);
    expect(world.phones.twice()).toBe(0);
    expect(report.acknowledged.count).toBe(report.stops);
    expect(report.acknowledged.p99).toBeLessThanOrEqual(LIMITS.ackMs);
    expect(report.replied.p99).toBeLessThanOrEqual(LIMITS.personMs);
    expect(report.told.p99).toBeLessThanOrEqual(LIMITS.personMs);
    expect(drainRates.min).toBeGreaterThanOrEqual(best * LIMITS.ofBest);
    expect(mostRssMb).toBeLessThanOrEqual(LIMITS.rssMb);
  });

  it('goes down within ten seconds', async () => {
    const since = Date.now();
    expect(await world.instance.stop()).toBe(0);
    expect(Date.now() - since).toBeLessThanOrEqual(10_000);
  });
});
