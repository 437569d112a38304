import { describe, expect, it } from 'vitest';
import { stopDeadline } from '../../../../domain/consent/unheard.js';
import { recordInbound } from '../../../../ledger/commands/record-inbound.js';
import { recordUnheard } from '../../../../ledger/commands/record-unheard.js';
import { huntLedger } from '../../../../ledger/reads/hunt-ledger.js';
import { commandWorld, sms, type CommandWorld } from '../../../worlds/command-world.js';

const DAY_MS = 86_400_000;
let messages = 0;
async function write(world: CommandWorld, identity: string, text: string): Promise<string> {
  const { eventId } = await recordInbound(world, { ...sms(text, `m-${String((messages += 1))}`), identity });
  world.clock.ms += DAY_MS;
  return eventId;
}
const hunt = (world: CommandWorld) => huntLedger({ ledger: world.ledger, onProgress: () => undefined });

describe('the hunt', () => {
  it('finds who asked in a sentence or by a word that was none then, with the first time', async () => {
    const world = await commandWorld();
    const first = await write(world, '46700000001', 'stop sending me promotions');
    await write(world, '46700000002', 'hello');
    await write(world, '46700000003', 'Quit!!');
    await write(world, '46700000001', 'STOP sending me promotions');
    const { texts, unheard } = await hunt(world);
    expect(texts).toBe(4);
    expect(unheard).toMatchObject([
      {
        ...{ identity: '46700000001', listType: 'OPT_OUT_MARKETING', heardAs: 'sentence', times: 2 },
        ...{ firstAt: '2026-01-02T03:04:05.678Z', firstEventId: first, phrase: 'stop sending me' },
      },
      { identity: '46700000003', listType: 'OPT_OUT_ALL', heardAs: 'keyword', phrase: 'Quit!!', times: 1 },
    ]);
  });

  it('leaves out who was heard before or after, and who came back by a word of their own', async () => {
    const world = await commandWorld();
    await write(world, '46700000001', 'STOP');
    await write(world, '46700000001', 'please stop texting me');
    await write(world, '46700000002', 'please stop texting me');
    await write(world, '46700000002', 'STOP');
    await write(world, '46700000003', 'please stop texting me');
    await write(world, '46700000003', 'START');
    await world.configure({ suspectedStops: 'obey' });
    await write(world, '46700000004', 'please stop texting me');
    await world.configure({});
    await write(world, '46700000005', 'please stop texting me');
    await write(world, '46700000005', 'STOP MARKETING');
    expect((await hunt(world)).unheard.map(({ identity }) => identity)).toEqual(['46700000005']);
  });

  it('leaves out apps that were deleted', async () => {
    const world = await commandWorld();
    await write(world, '46700000001', 'please stop texting me');
    await world.configure({}, { deleted: true });
    expect(await hunt(world)).toEqual({ texts: 0, unheard: [] });
  });

  it('opts out whom it found, by what they wrote, and finds them no more', async () => {
    const world = await commandWorld();
    const first = await write(world, '46700000001', 'please stop texting me');
    const [found] = (await hunt(world)).unheard;
    if (found === undefined) throw new Error('nobody was found');
    await recordUnheard(world, found);
    await recordUnheard(world, found);
    const all = await world.ledger.readAll({ after: 0n, limit: 100 });
    const changes = all.map(({ event }) => event).filter(({ type }) => type === 'opted-out');
    expect(changes).toMatchObject([
      {
        data: { moved: ['OPT_OUT_ALL'], evidence: { obtainedAt: '2026-01-02T03:04:05.678Z' }, reply: null },
        personal: { identity: '46700000001', evidenceText: 'please stop texting me' },
        meta: { causationId: first },
      },
    ]);
    expect((await hunt(world)).unheard).toEqual([]);
  });
});

describe('the deadline', () => {
  it.each([
    ['2026-11-02T10:00:00.000Z', '2026-11-16'],
    ['2026-11-06T23:00:00.000Z', '2026-11-20'],
    ['2026-11-07T10:00:00.000Z', '2026-11-20'],
    ['2026-11-08T10:00:00.000Z', '2026-11-20'],
  ])('of %s is ten business days later, %s', (firstAt, deadline) => {
    expect(stopDeadline(firstAt)).toBe(deadline);
  });
});
