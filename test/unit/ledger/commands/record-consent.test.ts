import { describe, expect, it } from 'vitest';
import { readApp } from '../../../../ledger/reads/app-reads.js';
import { readContact } from '../../../../ledger/reads/contact-reads.js';
import { newUlid } from '../../../../ledger/event-ids.js';
import { recordConsents, type ConsentRecord } from '../../../../ledger/commands/record-consent.js';
import { APP, commandWorld, phoneStream, PROJECT, type CommandWorld } from '../../../worlds/command-world.js';

const optOut = (identity: string, listType: ConsentRecord['listType'] = 'OPT_OUT_ALL'): ConsentRecord => ({
  channel: 'SMS',
  identity,
  listType,
  direction: 'OPT_OUT',
});

async function record(world: CommandWorld, records: readonly ConsentRecord[]): Promise<void> {
  const app = await readApp(world.ledger, PROJECT, APP);
  const actor = { type: 'access-key', id: 'key1' } as const;
  await recordConsents(world, { app, batchId: newUlid(world.clock.ms), actor, records });
}

const isOut = async (world: CommandWorld, identity: string): Promise<boolean | undefined> =>
  (await readContact(world.ledger, world.rootKey.contactId(PROJECT, APP, { channel: 'SMS', identity })))
    ?.standing.OPT_OUT_ALL?.optedOut;

describe('recordConsents', () => {
  it('opts out by API: without reply, without callback, also while the feature is off', async () => {
    const world = await commandWorld();
    await world.configure({ enabled: false });
    await record(world, [optOut('46700000001')]);
    const [event] = await world.events(phoneStream(world));
    expect(event).toMatchObject({
      type: 'opted-out',
      data: {
        origin: 'ORIGIN_API',
        moved: ['OPT_OUT_ALL'],
        reply: null,
        notify: false,
        language: null,
        appRevision: 1,
      },
      meta: { actor: { type: 'access-key', id: 'key1' } },
    });
  });

  it('records more than fit one commit, and lists of one contact one after another', async () => {
    const world = await commandWorld();
    const many = Array.from({ length: 150 }, (_, i) => optOut(String(46_700_000_100 + i)));
    await record(world, [...many, optOut('46700000001'), optOut('46700000001', 'OPT_OUT_MARKETING')]);
    expect(await Promise.all(many.map(({ identity }) => isOut(world, identity)))).toEqual(
      many.map(() => true),
    );
    const events = await world.events(phoneStream(world));
    expect(events.map(({ type }) => type)).toEqual(['opted-out', 'opted-out']);
    expect(events[1]).toMatchObject({ data: { previous: { eventId: events[0]?.id } } });
  });

  it('records a repetition, which moves nothing', async () => {
    const world = await commandWorld();
    await record(world, [optOut('46700000001')]);
    await record(world, [optOut('46700000001')]);
    const events = await world.events(phoneStream(world));
    expect(events[1]).toMatchObject({ type: 'opted-out', data: { moved: [] } });
  });

  it('knows nothing of a contact that was never seen', async () => {
    const world = await commandWorld();
    expect(await isOut(world, '46700000009')).toBeUndefined();
  });
});
