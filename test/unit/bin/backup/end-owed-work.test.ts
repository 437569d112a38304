import { describe, expect, it } from 'vitest';
import { readContents } from '../../../../activities/callbacks/callback-contents.js';
import { endOwedWork, StillOwed, type EndedWork } from '../../../../bin/backup/end-owed-work.js';
import { SCHEMA_CODEC } from '../../../../ledger/event-codec.js';
import type { Ledger, Recorded } from '../../../../ledger/ledger.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { START } from '../../../../ledger/ledger.js';
import type { Views } from '../../../../projections/views.js';
import { appState, PROJECT, World } from '../../../worlds/hand-over-world.js';
import { endpoint } from '../../projections/events.js';
import { headOf, PATIENCE_MS, withDirectory, withViews } from '../../projections/open-views.js';

const MESSAGES = 210;
const REPLIES = 3;

/** A ledger whose app has one webhook; messages, replies and the callbacks of consent changes are owed. */
async function owingWorld(): Promise<World> {
  const world = new World(createMemoryLedger(SCHEMA_CODEC));
  await world.configure(appState({}, { endpoints: [endpoint('wh-1')] }));
  for (let n = 0; n < MESSAGES; n++) await world.send(`m${String(n)}`, `c${String(n)}`);
  for (let n = 0; n < REPLIES; n++) await world.reply(`r${String(n)}`, `c${String(n)}`, 'OPT_OUT');
  return world;
}

const withViewsOf = <T>(ledger: Ledger, use: (views: Views, folded: () => Promise<void>) => Promise<T>) =>
  withDirectory((path) =>
    withViews({ file: path('views.db'), ledger }, (views) =>
      use(views, async () => views.passed(await headOf(ledger), PATIENCE_MS)),
    ),
  );
const endAll = ({ ledger, clock }: World): Promise<EndedWork> =>
  withViewsOf(ledger, (views, folded) => endOwedWork({ ledger, clock, owed: views.owed, folded }));

async function readWhole(ledger: Ledger): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  for (;;) {
    const page = await ledger.readAll({ after: events.at(-1)?.position ?? START, limit: 1000 });
    if (page.length === 0) return events;
    events.push(...page);
  }
}
const places = (events: readonly Recorded[]) =>
  events.map(({ stream, revision, event }) => `${stream} ${String(revision)} ${event.id}`).sort();

describe('endOwedWork', () => {
  it('ends messages, drops replies and parks callbacks, those of its own endings too', async () => {
    const world = await owingWorld();
    expect(await endAll(world)).toEqual({
      messagesFailed: MESSAGES,
      repliesDropped: REPLIES,
      callbacksParked: MESSAGES + REPLIES,
    });
    await withViewsOf(world.ledger, async (views) => {
      expect([views.owed.count('messages'), views.owed.count('callbacks')]).toEqual([0, 0]);
      expect(views.callbacks.parkedCount()).toBe(MESSAGES + REPLIES);
      const [parked] = (await readWhole(world.ledger)).filter(
        ({ event }) => event.type === 'callback-parked',
      );
      const { callbackId } = parked?.event.data as { callbackId: string };
      expect(views.callbacks.open(PROJECT, callbackId)).toMatchObject({
        state: 'parked',
        parkReason: 'restored',
      });
    });
  });

  it('keeps all that a replay of the parked ones needs', async () => {
    const world = await owingWorld();
    await endAll(world);
    const events = await readWhole(world.ledger);
    const byId = new Map(events.map((recorded) => [recorded.event.id, recorded]));
    const codes = new Map<string, number>();
    for (const { event } of events) {
      if (event.type !== 'callback-parked') continue;
      const told = byId.get(event.data.eventId);
      if (told === undefined) throw new Error('the event that it tells is gone');
      const content = (await readContents(world.ledger, told.stream, [told.revision])).get(told.revision);
      if (content === undefined || content instanceof Error) throw new Error('it has no content');
      const body = content.body(event.data.trigger).toString();
      const code = /"code":"(\w+)"/.exec(body)?.[1] ?? event.data.trigger;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(Object.fromEntries(codes)).toEqual({ UNKNOWN: MESSAGES, OPT_OUT: REPLIES });
  });

  it('has nothing to do the second time', async () => {
    const world = await owingWorld();
    await endAll(world);
    const before = await headOf(world.ledger);
    expect(await endAll(world)).toEqual({ messagesFailed: 0, repliesDropped: 0, callbacksParked: 0 });
    expect(await headOf(world.ledger)).toBe(before);
  });

  it('comes to the same events when it is broken off anywhere and begun again', async () => {
    const whole = await copyOf(await owingWorld());
    await endAll(whole.world);
    const wanted = places(await readWhole(whole.world.ledger));
    for (const appends of [0, 150, 300]) {
      const { world, breakAfter } = await copyOf(whole.before);
      breakAfter(appends);
      await expect(endAll(world)).rejects.toThrow('broken off');
      breakAfter(Infinity);
      await endAll(world);
      expect(places(await readWhole(world.ledger))).toEqual(wanted);
    }
  });

  it('says so when something stays owed', async () => {
    const { ledger, clock } = await owingWorld();
    await withViewsOf(ledger, async ({ owed }) => {
      const stuck = { count: () => 1, overdue: owed.overdue };
      const ending = endOwedWork({ ledger, clock, owed: stuck, folded: () => Promise.resolve() });
      await expect(ending).rejects.toThrow(StillOwed);
    });
  });
});

/** A ledger with the same events, whose appends fail after so many. */
async function copyOf(from: World): Promise<{
  readonly world: World;
  readonly before: World;
  readonly breakAfter: (appends: number) => void;
}> {
  const inner = createMemoryLedger(SCHEMA_CODEC);
  for (const { stream, revision, event } of await readWhole(from.ledger)) {
    await inner.append(stream, [event], revision === 0 ? 'none' : revision - 1);
  }
  let left = Infinity;
  const ledger: Ledger = {
    ...inner,
    async append(...call) {
      left -= 1;
      if (left < 0) throw new Error('broken off');
      return inner.append(...call);
    },
  };
  return {
    world: new World(ledger, from.clock),
    before: from,
    breakAfter: (appends) => {
      left = appends;
    },
  };
}
