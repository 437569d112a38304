import { describe, expect, it } from 'vitest';
import { readApp } from '../../../../ledger/reads/app-reads.js';
import { LedgerUnavailable } from '../../../../ledger/errors.js';
import type { Ledger } from '../../../../ledger/ledger.js';
import type { ConsentRecord } from '../../../../ledger/commands/record-consent.js';
import { recordConsentsOnce } from '../../../../ledger/commands/record-once.js';
import { recordInbound } from '../../../../ledger/commands/record-inbound.js';
import {
  APP,
  commandWorld,
  phoneStream,
  PROJECT,
  sms,
  type CommandWorld,
} from '../../../worlds/command-world.js';

const change = (direction: 'OPT_OUT' | 'OPT_IN', identity = '46700000001'): ConsentRecord => ({
  ...{ channel: 'SMS', identity, listType: 'OPT_OUT_ALL', direction, reason: 'asked' },
});

interface Options {
  readonly key?: string;
  readonly request?: string;
  readonly ledger?: Ledger;
}

async function once(
  world: CommandWorld,
  records: readonly ConsentRecord[],
  { key = 'k', request = JSON.stringify(records), ledger = world.ledger }: Options = {},
) {
  const app = await readApp(world.ledger, PROJECT, APP);
  const actor = { type: 'access-key', id: 'key1' } as const;
  return recordConsentsOnce({ ...world, ledger }, { app, actor, records }, { key, request });
}

/** A ledger that breaks at the n-th append of a contact. */
function breaking({ ledger }: CommandWorld, n: number): Ledger {
  let appends = 0;
  return {
    readStream: (stream, read) => ledger.readStream(stream, read),
    readAll: (read) => ledger.readAll(read),
    subscribe: (read) => ledger.subscribe(read),
    append: async (stream, events, expected) => {
      if (stream.startsWith('contact-') && (appends += 1) === n) throw new LedgerUnavailable('broken');
      return ledger.append(stream, events, expected);
    },
  };
}
const count = async ({ ledger }: CommandWorld) => (await ledger.readAll({ after: 0n, limit: 1000 })).length;

describe('recordConsentsOnce', () => {
  it('answers a repeated request as the first time, whatever has happened since, and writes nothing', async () => {
    const world = await commandWorld();
    await recordInbound(world, sms('STOP'));
    const records = [change('OPT_IN'), change('OPT_OUT', '46700000002'), change('OPT_OUT', '46700000002')];
    const first = await once(world, records);
    expect(first).toMatchObject([
      { status: 'REFUSED' },
      { status: 'RECORDED', changed: true },
      { status: 'RECORDED', changed: false },
    ]);
    await recordInbound(world, sms('START', 'm-2'));
    const before = await count(world);
    expect(await once(world, records)).toEqual(first);
    expect(await count(world)).toBe(before);
    // Under another key it is another request.
    expect(await once(world, records, { key: 'other' })).toMatchObject([{ status: 'RECORDED' }, {}, {}]);
  });

  it('refuses another request under the same key, and writes nothing', async () => {
    const world = await commandWorld();
    await once(world, [change('OPT_OUT')]);
    const before = await count(world);
    await expect(once(world, [change('OPT_IN')])).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    expect(await count(world)).toBe(before);
  });

  it('takes up a run that was cut short: what it wrote counts, also where it would be refused now', async () => {
    const world = await commandWorld();
    const others = Array.from({ length: 5 }, (_, n) => change('OPT_OUT', `4670000001${String(n)}`));
    const records = [change('OPT_OUT'), change('OPT_IN'), ...others];
    const half = breaking(world, 6);
    await expect(once(world, records, { ledger: half })).rejects.toThrow(LedgerUnavailable);
    // The others of that try end in their own time.
    await expect.poll(() => world.events(phoneStream(world))).toHaveLength(2);
    await recordInbound(world, sms('STOP'));
    const written = await count(world);
    const results = await once(world, records);
    expect(results.map(({ status }) => status)).toEqual(records.map(() => 'RECORDED'));
    const events = await world.events(phoneStream(world));
    expect(events.map(({ id }) => id).slice(0, 2)).toEqual(results.slice(0, 2).map(({ eventId }) => eventId));
    expect(events).toHaveLength(4);
    const rest = await count(world);
    expect(rest - written).toBeGreaterThan(0);
    expect(await once(world, records)).toEqual(results);
    expect(await count(world)).toBe(rest);
    const all = await world.ledger.readAll({ after: 0n, limit: 1000 });
    expect(all.filter(({ event }) => event.meta.actor.type === 'access-key')).toHaveLength(
      records.length + 2,
    );
  });

  it('runs once when it comes many times at once', async () => {
    const world = await commandWorld();
    const records = Array.from({ length: 100 }, (_, n) => change('OPT_OUT', String(46_700_000_100 + n)));
    const before = await count(world);
    const all = await Promise.all(Array.from({ length: 8 }, () => once(world, records)));
    for (const one of all) expect(one).toEqual(all[0]);
    expect((await count(world)) - before).toBe(102);
  });

  it('is agreed on by two processes that run it at the same time', async () => {
    const world = await commandWorld();
    const records = Array.from({ length: 20 }, (_, n) => change('OPT_OUT', String(46_700_000_200 + n)));
    const before = await count(world);
    // Turns are taken per ledger, so each of these wrappers is a process of its own.
    const runs = [breaking(world, 0), breaking(world, 0)].map((ledger) => once(world, records, { ledger }));
    const [one, other] = await Promise.all(runs);
    expect(one).toEqual(other);
    expect(one?.every((result) => result.status === 'RECORDED' && result.changed)).toBe(true);
    expect((await count(world)) - before).toBe(22);
  });

  it('keeps no key, identity or reason outside `personal`', async () => {
    const world = await commandWorld();
    await once(world, [change('OPT_OUT')], { key: 'order of 46700000001' });
    const stored = await world.ledger.readAll({ after: 0n, limit: 1000 });
    const open = stored.map(({ stream, event: { personal: _, ...event } }) => ({ stream, event }));
    expect(
      JSON.stringify(open, (_key, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
    ).not.toMatch(/46700000001|asked|order/);
  });
});
