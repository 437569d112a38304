import { metric } from '../metrics.js';
import type { Instance } from '../instance/instance.js';
import { waitFor } from '../wait-for.js';
import { flood, type FloodReport, type FloodSize } from './flood.js';
import type { Hooks } from './hooks.js';
import { quantile, startStops } from './people.js';
import type { Phones } from './phones.js';
import { rates, startSampler } from './sampler.js';

/** Sends that are under way at the same time. */
export const CONNECTIONS = 256;

/** What a campaign is run against. */
export interface CampaignWorld {
  readonly instance: Instance;
  readonly phones: Phones;
  /** The receiver of opt-outs. */
  readonly people: Hooks;
}

/** Milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

export interface CampaignReport extends FloodReport {
  readonly handedOver: number;
  readonly drainSeconds: number;
  /** Hand-overs per second: in the best window of the flood, in the worst and in the middle one of what came after. */
  readonly floodRate: number;
  readonly drainRates: { readonly min: number; readonly median: number };
  readonly stops: number;
  readonly acknowledged: Latency;
  readonly replied: Latency;
  readonly told: Latency;
  readonly mostRssMb: number;
}

/** Sends as many as that and waits until they are handed over. @returns the best rate of any two seconds, per second */
export async function unloadedRate({ instance, phones }: CampaignWorld, amount: number): Promise<number> {
  const sampler = startSampler(instance.pid, () => phones.count());
  const before = phones.count();
  await flood(instance, { amount }, { connections: 32, appIds: [instance.appId] });
  await waitFor('all are handed over', () => phones.count() >= before + amount, 120_000);
  const samples = sampler.stop();
  return Math.max(...rates(samples, { from: 0, to: Date.now(), windowMs: 2_000 }));
}

/** A flood and a STOP a second beside it, until all is handed over. */
export async function runCampaign(
  { instance, phones, people }: CampaignWorld,
  size: FloodSize,
  {
    prefix,
    windowMs,
    drainMs,
  }: { readonly prefix: string; readonly windowMs: number; readonly drainMs: number },
): Promise<CampaignReport> {
  const sampler = startSampler(instance.pid, () => phones.count());
  const [before, sentBefore] = [phones.count(), phones.sends()];
  const stops = startStops(instance, { prefix });
  const began = Date.now();
  const report = await flood(instance, size, { connections: CONNECTIONS, appIds: [instance.appId] });
  const floodEnded = Date.now();
  await waitFor('all sends are handed over', () => phones.count() - before >= report.taken, drainMs);
  const drained = Date.now();
  await stops.stop();
  const acknowledged = stops.said.filter(({ ackedAt }) => ackedAt !== null);
  await waitFor(
    'every STOP is answered and told of',
    async () => {
      const replies = phones.replies();
      const told = new Set((await people.told()).optOuts.map(([identity]) => identity));
      return acknowledged.every(({ identity }) => replies.has(identity) && told.has(identity));
    },
    60_000,
  );
  await waitFor(
    'nothing is owed',
    async () => (await metric(instance, 'optledger_owed{lane="messages"}')) === 0,
  );
  const samples = sampler.stop();
  const drainRates = rates(samples, { from: floodEnded, to: drained, windowMs });
  const replies = phones.replies();
  const told = new Map((await people.told()).optOuts);
  const latency = (endOf: (one: (typeof acknowledged)[number]) => number | null | undefined): Latency => {
    const all = acknowledged.flatMap((one) => {
      const end = endOf(one);
      return end === null || end === undefined ? [] : [end - one.sentAt];
    });
    return { count: all.length, p50: quantile(all, 0.5), p99: quantile(all, 0.99) };
  };
  return {
    ...report,
    handedOver: phones.sends() - sentBefore,
    drainSeconds: (drained - floodEnded) / 1_000,
    floodRate: Math.max(0, ...rates(samples, { from: began, to: floodEnded, windowMs: 2_000 })),
    drainRates: { min: Math.min(...drainRates), median: quantile(drainRates, 0.5) },
    stops: stops.said.length,
    acknowledged: latency(({ ackedAt }) => ackedAt),
    replied: latency(({ identity }) => replies.get(identity)),
    told: latency(({ identity }) => told.get(identity)),
    mostRssMb: Math.max(...samples.map(({ rssMb }) => rssMb)),
  };
}
