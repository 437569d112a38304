import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../../domain/events/events.js';
import { CAUGHT_UP, type Recorded } from '../../../../ledger/ledger.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { UnfoldableEvent, ViewsBehind } from '../../../../projections/errors.js';
import { createFoldBatch } from '../../../../projections/engine/fold-batch.js';
import { runProjections } from '../../../../projections/engine/run-projections.js';
import { openViewFile, foldedPosition } from '../../../../projections/engine/view-file.js';
import { openViewSet } from '../../../../projections/view-set.js';
import { openViews } from '../../../../projections/views.js';
import { event, ofMessage, permit, ulid } from '../events.js';
import { headOf, PATIENCE_MS, withDirectory, withViews } from '../open-views.js';

const project = (n: number): LedgerEvent =>
  event(n, 'project-created', { projectId: `p-${String(n)}`, displayName: '' });
const blocked = (n: number): LedgerEvent =>
  event(n, 'message-blocked', {
    ...ofMessage('app-1', ulid(`m-${String(n)}`)),
    listType: 'OPT_OUT_ALL',
    contentType: 'CONTENT_UNKNOWN',
    mode: 'PRIMARY',
    permit,
    decidedBy: event(0, 'project-created', { projectId: 'p', displayName: '' }).id,
    recipientIndex: 0,
    notifyOptOut: false,
    bodyVersion: 1,
  });
/** From a version of the code that is newer than this one. */
const foreign = (n: number): LedgerEvent =>
  ({ ...project(n), type: 'consent-forgotten' }) as unknown as LedgerEvent;
const recorded = (position: number, one: LedgerEvent): Recorded => ({
  stream: `s-${String(position)}`,
  revision: 0,
  position: BigInt(position),
  event: one,
});

function withFold<T>(
  use: (
    db: DatabaseSync,
    fold: ReturnType<typeof createFoldBatch>,
    views: ReturnType<typeof openViewSet>,
  ) => T,
): T {
  return withDirectory((file) => {
    const db = openViewFile(file('views.db'));
    const views = openViewSet(db);
    try {
      return use(db, createFoldBatch(db, views.projections), views);
    } finally {
      db.close();
    }
  });
}

describe('a fold of a batch', () => {
  it('moves rows and checkpoint in one commit, seen by nobody in between', () => {
    withDirectory((file) => {
      const db = openViewFile(file('views.db'));
      const other = new DatabaseSync(file('views.db'), { readOnly: true });
      const seen: unknown[] = [];
      const look = (): unknown => [
        other.prepare('SELECT count(*) AS n FROM projects').get(),
        other.prepare('SELECT position FROM checkpoint').get(),
      ];
      const spy = { on: { 'project-created': () => void seen.push(look()) } };
      createFoldBatch(db, [...openViewSet(db).projections, spy])([1, 2].map((n) => recorded(n, project(n))));
      expect(seen).toEqual([
        [{ n: 0 }, undefined],
        [{ n: 0 }, undefined],
      ]);
      expect(look()).toEqual([{ n: 2 }, { position: 2 }]);
      other.close();
      db.close();
    });
  });
  it('of an event that nobody knows writes what was before it, once, and nothing after it', () => {
    withFold((db, fold, views) => {
      const batch = [
        recorded(1, blocked(1)),
        recorded(2, blocked(2)),
        recorded(5, foreign(3)),
        recorded(6, blocked(4)),
      ];
      expect(() => {
        fold(batch);
      }).toThrow(expect.objectContaining({ name: 'UnfoldableEvent', position: 5n }));
      expect(foldedPosition(db)).toBe(2n);
      expect(views.counters.counts().blocked).toBe(2);
    });
  });
  it('of a first event that nobody knows writes nothing', () => {
    withFold((db, fold) => {
      expect(() => {
        fold([recorded(1, foreign(1))]);
      }).toThrow(UnfoldableEvent);
      expect(foldedPosition(db)).toBe(0n);
    });
  });
  it('names the event that a handler fails on, and its type, never its data', () => {
    withDirectory((file) => {
      const db = openViewFile(file('views.db'));
      const fault = new Error('broken');
      const broken = {
        on: {
          'project-created': () => {
            throw fault;
          },
        },
      };
      const fold = createFoldBatch(db, [...openViewSet(db).projections, broken]);
      expect(() => {
        fold([recorded(1, blocked(1)), recorded(2, project(2))]);
      }).toThrow(
        expect.objectContaining({
          message: 'views stopped before position 2: cannot fold project-created',
          cause: fault,
        }),
      );
      expect(foldedPosition(db)).toBe(1n);
      expect(db.prepare('SELECT count(*) AS n FROM projects').get()).toEqual({ n: 0 });
      db.close();
    });
  });
  it('passes on a fault that no event is to blame for, and keeps nothing of the batch', () => {
    withDirectory((file) => {
      const db = openViewFile(file('views.db'));
      let full = true;
      const disk = {
        on: {},
        flush: () => {
          if (full) throw new Error('disk is full');
        },
      };
      const views = openViewSet(db);
      const fold = createFoldBatch(db, [...views.projections, disk]);
      expect(() => {
        fold([recorded(1, blocked(1))]);
      }).toThrow('disk is full');
      expect(foldedPosition(db)).toBe(0n);
      full = false;
      fold([recorded(1, blocked(1))]);
      expect(views.counters.counts().blocked).toBe(1);
      db.close();
    });
  });
});

describe('running views', () => {
  it('fold at most 500 events at a time and let others work in between', async () => {
    const sizes: number[] = [];
    const turns: number[] = [];
    let turn = 0;
    const stop = new AbortController();
    const ticking = (async () => {
      while (!stop.signal.aborted) {
        await nextTurn();
        turn += 1;
      }
    })();
    async function* subscribe() {
      for (let n = 1; n <= 1200; n++) yield recorded(n, project(n));
      yield CAUGHT_UP;
    }
    await runProjections({
      ledger: { subscribe },
      after: 0n,
      signal: stop.signal,
      fold: (events) => {
        sizes.push(events.length);
        turns.push(turn);
      },
      progressed: () => undefined,
    });
    stop.abort();
    await ticking;
    expect(sizes).toEqual([500, 500, 200]);
    expect(new Set(turns).size).toBe(3);
  });

  it('stop at an event that they cannot fold, and say so to whoever waits', async () => {
    await withDirectory(async (file) => {
      const trusting = {
        validate: (event: LedgerEvent) => event,
        parse: (raw: unknown) => raw as LedgerEvent,
      };
      const ledger = createMemoryLedger(trusting);
      await ledger.append('a', [project(1), foreign(2), project(3)], 'none');
      const views = await openViews({ file: file('views.db'), ledger });
      const waiting = expect(views.passed(3n, PATIENCE_MS)).rejects.toThrow(ViewsBehind);
      await expect(views.run(new AbortController().signal)).rejects.toThrow(UnfoldableEvent);
      await waiting;
      expect(views.position).toBe(1n);
      expect(views.projects.has('p-1')).toBe(true);
      expect(views.projects.has('p-3')).toBe(false);
      expect(views.stats().caughtUp).toBe(false);
      await expect(views.passed(2n, PATIENCE_MS)).rejects.toThrow(ViewsBehind);
      await expect(views.passed(1n, PATIENCE_MS)).resolves.toBeUndefined();
      views.close();
    });
  });
  it('pass on what the ledger throws', async () => {
    await withDirectory(async (file) => {
      const ledger = {
        ...createMemoryLedger(),
        async *subscribe(): AsyncGenerator<never> {
          throw new Error('ledger is gone');
        },
      };
      const views = await openViews({ file: file('views.db'), ledger });
      await expect(views.run(new AbortController().signal)).rejects.toThrow('ledger is gone');
      views.close();
    });
  });
});

describe('reading what was written', () => {
  it('waits until the views have passed it, and no longer than asked', async () => {
    await withDirectory(async (file) => {
      const ledger = createMemoryLedger();
      await withViews({ file: file('views.db'), ledger }, async (views) => {
        const { position } = await ledger.append('a', [project(1)], 'none');
        await views.passed(position, PATIENCE_MS);
        expect(views.projects.has('p-1')).toBe(true);
        expect(views.position).toBe(position);
        await expect(views.passed(position + 1n, 1)).rejects.toThrow(ViewsBehind);
        const [first, second] = [
          views.passed(position + 1n, PATIENCE_MS),
          views.passed(position + 2n, PATIENCE_MS),
        ];
        await ledger.append('a', [project(2), project(3)], 0);
        await Promise.all([first, second]);
        expect(views.position).toBe(await headOf(ledger));
      });
    });
  });
  it('tells who waits when the views are stopped', async () => {
    await withDirectory(async (file) => {
      const views = await openViews({ file: file('views.db'), ledger: createMemoryLedger() });
      const stop = new AbortController();
      const running = views.run(stop.signal);
      const waiting = expect(views.passed(1n, PATIENCE_MS)).rejects.toThrow(ViewsBehind);
      stop.abort();
      await running;
      await waiting;
      views.close();
    });
  });
});
