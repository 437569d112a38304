import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../../ledger/ledger.js';
import { recordInbound } from '../../../../ledger/commands/record-inbound.js';
import { commandWorld, phoneStream, sms, START_MS } from '../../../worlds/command-world.js';

describe('recordInbound', () => {
  it('records a keyword and what it changes in one append', async () => {
    const world = await commandWorld();
    const recorded = await recordInbound(world, sms(' stop '));
    expect(recorded).toMatchObject({
      duplicate: false,
      providerIdReused: false,
      matched: { listType: 'OPT_OUT_ALL', direction: 'OPT_OUT', language: 'EN' },
    });
    const [message, change] = await world.events(phoneStream(world));
    expect(message).toMatchObject({
      id: recorded.eventId,
      type: 'message-received',
      data: { messageId: recorded.messageId, providerMessageId: 'm-1', appRevision: 0 },
      personal: { identity: '46700000001', sender: '4670999', text: ' stop ' },
    });
    expect(change).toMatchObject({
      type: 'opted-out',
      data: { moved: ['OPT_OUT_ALL'], reply: { kind: 'OPT_OUT' }, notify: true },
    });
  });

  it('keeps identity and text out of stream name, ids and data', async () => {
    const world = await commandWorld();
    const recorded = await recordInbound(world, sms('stop'));
    const events = await world.events(phoneStream(world));
    const open = JSON.stringify([
      recorded,
      phoneStream(world),
      events.map(({ personal: _, ...rest }: { personal?: unknown }) => rest),
    ]);
    expect(open).not.toContain('46700000001');
    expect(open).not.toContain('stop');
  });

  it('answers a redelivery as the first time, whatever the settings are by now', async () => {
    const world = await commandWorld();
    const first = await recordInbound(world, sms('STOP'));
    await recordInbound(world, sms('hello', 'm-2'));
    await world.configure({ enabled: false });
    const again = await recordInbound(world, sms('STOP'));
    expect(again).toEqual({ ...first, duplicate: true });
    expect(await world.events(phoneStream(world))).toHaveLength(3);
  });

  it('answers a redelivery of a text that was no keyword then', async () => {
    const world = await commandWorld();
    const first = await recordInbound(world, sms('halt'));
    await world.configure({
      keywords: [
        {
          language: 'EN',
          listType: 'OPT_OUT_ALL',
          direction: 'OPT_OUT',
          words: ['halt'],
          replaceDefaults: false,
        },
      ],
    });
    expect(await recordInbound(world, sms('halt'))).toEqual({ ...first, duplicate: true, matched: null });
    expect(await world.events(phoneStream(world))).toHaveLength(1);
  });

  it('makes one set of events of three deliveries at once', async () => {
    const world = await commandWorld();
    const all = await Promise.all([1, 2, 3].map(() => recordInbound(world, sms('STOP'))));
    expect(all.map(({ duplicate }) => duplicate).sort()).toEqual([false, true, true]);
    expect(new Set(all.map(({ eventId }) => eventId)).size).toBe(1);
    expect(await world.events(phoneStream(world))).toHaveLength(2);
  });

  it('takes the same provider id with another text as a new message, and says so', async () => {
    const world = await commandWorld();
    const hello = await recordInbound(world, sms('hello'));
    const stop = await recordInbound(world, sms('STOP'));
    expect(stop).toMatchObject({
      duplicate: false,
      providerIdReused: true,
      matched: { direction: 'OPT_OUT' },
    });
    expect(stop.messageId).not.toBe(hello.messageId);
    expect(await recordInbound(world, sms('STOP'))).toMatchObject({
      duplicate: true,
      providerIdReused: false,
    });
  });

  it('records a message without text, apart from one with an empty text', async () => {
    const world = await commandWorld();
    const media = await recordInbound(world, sms(undefined));
    const empty = await recordInbound(world, sms(''));
    expect(media).toMatchObject({ duplicate: false, matched: null });
    expect(empty).toMatchObject({ duplicate: false, matched: null });
    const [first] = await world.events(phoneStream(world));
    expect(first).not.toHaveProperty('personal.text');
  });

  it('loses none of 40 messages that one contact writes at once', async () => {
    const world = await commandWorld();
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => recordInbound(world, sms('hi', `m-${String(i)}`))),
    );
    expect(await world.events(phoneStream(world))).toHaveLength(40);
  });

  it('decides under the settings that stand when the message comes in', async () => {
    const world = await commandWorld();
    await world.configure({ languages: ['ES'] });
    expect((await recordInbound(world, sms('STOP'))).matched).toBeNull();
    await world.configure({ languages: ['EN'] });
    const matched = await recordInbound(world, sms('STOP', 'm-2'));
    expect(matched.matched).toMatchObject({ direction: 'OPT_OUT' });
    const [, , change] = await world.events(phoneStream(world));
    expect(change).toMatchObject({ data: { appRevision: 2 } });
  });

  it('never records a time before the event before', async () => {
    const world = await commandWorld();
    await recordInbound(world, sms('hi'));
    world.clock.ms = START_MS - 60_000;
    await recordInbound(world, sms('ho', 'm-2'));
    const times = (await world.events(phoneStream(world))).map(({ meta }) => meta.recordedAt);
    expect(times).toEqual([new Date(START_MS).toISOString(), new Date(START_MS).toISOString()]);
  });

  it('refuses an unknown app, another project and a deleted app, writing nothing', async () => {
    const world = await commandWorld();
    await expect(recordInbound(world, { ...sms('STOP'), appId: 'other' })).rejects.toMatchObject({
      code: 'app-not-found',
    });
    await expect(recordInbound(world, { ...sms('STOP'), projectId: 'p2' })).rejects.toMatchObject({
      code: 'app-not-found',
    });
    await world.configure({}, { deleted: true });
    await expect(recordInbound(world, sms('STOP'))).rejects.toMatchObject({ code: 'app-not-found' });
    expect(await world.events(phoneStream(world))).toEqual([]);
  });

  it('faults where a duplicate is not to be found, rather than making an answer up', async () => {
    const world = await commandWorld();
    await recordInbound(world, sms('STOP'));
    const stream = phoneStream(world);
    const forgetful: Ledger = {
      ...world.ledger,
      readStream: async (name, read) =>
        name === stream && read.limit === 2 ? [] : world.ledger.readStream(name, read),
    };
    await expect(recordInbound({ ...world, ledger: forgetful }, sms('STOP'))).rejects.toMatchObject({
      name: 'LedgerUnavailable',
    });
  });
});
