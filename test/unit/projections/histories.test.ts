import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldMessage } from '../../../domain/messages/message.js';
import type { ListType } from '../../../domain/lists.js';
import { START } from '../../../ledger/ledger.js';
import { createMemoryLedger } from '../../../ledger/memory/memory-ledger.js';
import { rebuildViews } from '../../../projections/engine/rebuild-views.js';
import type { Views } from '../../../projections/views.js';
import { contactIdOf, PROJECT } from './events.js';
import { histories, play } from './history-steps.js';
import { createWorld, pour, streamsOf, type World } from '../../worlds/history-world.js';
import { dumpOf, withDirectory, withViews } from './open-views.js';

const ALL = 1_000_000;
const byId = (a: readonly [string, number], b: readonly [string, number]): number => (a[0] < b[0] ? -1 : 1);

function expectLists(views: Views, world: World): void {
  for (const [key, contacts] of world.lists) {
    const [app = '', list = ''] = key.split(' ');
    const page = views.consentLists.page(app, list as ListType, { afterKey: null, limit: ALL });
    expect(page.identities.map(({ contactId }) => contactId)).toEqual(contacts);
  }
  for (const [key, { audit }] of world.contacts) {
    const records = views.audit.records([contactIdOf(key)]);
    expect(records.map(({ operation, listType }) => `${operation} ${listType}`)).toEqual(audit);
  }
}

function expectOwed(views: Views, world: World): void {
  for (const lane of ['messages', 'callbacks'] as const) {
    const expected = [...world.owed[lane]].sort(byId);
    const rows = views.owed.after(lane, START, ALL);
    expect(rows.map(({ id, dueAt }) => [id, dueAt] as const).sort(byId)).toEqual(expected);
    const dues = expected.map(([, dueAt]) => dueAt);
    expect(views.owed.oldestDue(lane)).toBe(dues.length === 0 ? null : Math.min(...dues));
    expect(views.owed.overdue(lane, Number.MAX_SAFE_INTEGER, ALL, null)).toHaveLength(expected.length);
  }
  for (const { data, state, attempts } of world.callbacks.values()) {
    const view = views.callbacks.open(PROJECT, data.callbackId);
    if (state === 'delivered') expect(view).toBeUndefined();
    else expect(view).toMatchObject({ state, attempts, endpointId: data.endpointId, eventId: data.eventId });
  }
}

const NO_FILTER = { appId: null, endpointId: null, contactId: null, trigger: null, from: null, to: null };

/** All pages of a list, three rows each. */
function walk<Row>(
  page: (afterKey: string | null) => { rows: readonly Row[]; nextKey: string | null },
): Row[] {
  const all: Row[] = [];
  for (let key: string | null = null; ;) {
    const { rows, nextKey } = page(key);
    all.push(...rows);
    if (nextKey === null) return all;
    key = nextKey;
  }
}

function expectCallbackPages(views: Views, world: World): void {
  const newestFirst = [...world.callbacks.values()].sort((a, b) => b.order - a.order);
  for (const state of [null, 'waiting', 'parked', 'delivered'] as const) {
    for (const trigger of [null, 'OPT_OUT'] as const) {
      const filter = { ...NO_FILTER, state, trigger };
      const seen = walk((afterKey) => {
        const { callbacks, nextKey } = views.callbacks.page(PROJECT, filter, { afterKey, limit: 3 });
        return { rows: callbacks, nextKey };
      });
      const expected = newestFirst.filter(
        (one) => (state ?? one.state) === one.state && (trigger ?? one.data.trigger) === one.data.trigger,
      );
      expect(seen.map(({ callbackId }) => callbackId)).toEqual(expected.map(({ data }) => data.callbackId));
    }
  }
}

function expectMessages(views: Views, world: World): void {
  for (const messageId of world.messages.keys()) {
    const stream = streamsOf.message(messageId);
    const events = world.events.filter((one) => one.stream === stream).map(({ event }) => event);
    const view = views.messages.get(PROJECT, messageId);
    if (events.length === 0) expect(view).toBeUndefined();
    else {
      const { state } = foldMessage(events.map((event, revision) => ({ event, revision })));
      expect(view).toMatchObject({ direction: 'TO_CONTACT', state });
    }
  }
}

function expectApps(views: Views, world: World): void {
  for (const [appId, { endpoints, deleted }] of world.apps) {
    const ids = (deleted ? [] : endpoints).map(({ id }) => id).sort();
    expect(views.endpoints.inForce(appId).map(({ id }) => id)).toEqual(ids);
    expect(views.apps.get(PROJECT, appId) === undefined).toBe(deleted);
  }
}

describe('views over random histories', () => {
  it('say what a plain model says; a restart changes nothing; rebuilt ones have the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(100), async (steps, percent) => {
        const world = createWorld();
        play(world, steps);
        const ledger = createMemoryLedger();
        const cut = Math.floor((world.events.length * percent) / 100);
        await withDirectory(async (file) => {
          const live = { file: file('live.db'), ledger };
          await pour(ledger, world.events, 0, cut);
          await withViews(live, () => undefined);
          await withViews(live, async (views) => {
            await pour(ledger, world.events, cut);
            await views.passed(BigInt(world.events.length), 5000);
            expectLists(views, world);
            expectOwed(views, world);
            expectMessages(views, world);
            expectApps(views, world);
            expectCallbackPages(views, world);
          });
          const rebuilt = file('rebuilt.db');
          await rebuildViews({ file: rebuilt, ledger });
          expect(dumpOf(rebuilt)).toBe(dumpOf(live.file));
          expect(dumpOf(rebuilt).split('\n').length).toBeGreaterThan(2);
        });
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
