import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { CAUGHT_UP, type Ledger, type Recorded } from '../../../../ledger/ledger.js';
import { rebuildViews } from '../../../../projections/engine/rebuild-views.js';
import { openViews } from '../../../../projections/views.js';
import { event } from '../events.js';
import { dumpOf, ledgerOf, withDirectory, withViews } from '../open-views.js';

const project = (name: string, n: number) =>
  event(n, 'project-created', { projectId: name, displayName: name }, { ms: n });
const twoProjects = (): Promise<Ledger> => ledgerOf([project('p-1', 1), project('p-2', 2)]);
const modeOf = (file: string): number => statSync(file).mode & 0o777;

/** What a newer or older version of the code would have left behind. */
function withOtherSchema(file: string): void {
  const db = new DatabaseSync(file);
  db.exec(`UPDATE schema SET version = 'other'; DELETE FROM projects`);
  db.close();
}

/** The same events, as a store keeps them whose positions are offsets. */
function farAway(ledger: Ledger): Ledger {
  const moved = (events: readonly Recorded[]): Recorded[] =>
    events.map((recorded) => ({ ...recorded, position: recorded.position * 1_000n }));
  return {
    ...ledger,
    readStream: async (...given) => moved(await ledger.readStream(...given)),
    readAll: async ({ after, limit }) => moved(await ledger.readAll({ after: after / 1_000n, limit })),
    async *subscribe({ after, signal }) {
      for await (const item of ledger.subscribe({ after: after / 1_000n, signal }))
        yield item === CAUGHT_UP ? item : { ...item, position: item.position * 1_000n };
    },
  };
}

describe('the file of the views', () => {
  it('is readable by its owner only, its log too', async () => {
    await withDirectory(async (path) => {
      const file = path('views.db');
      writeFileSync(file, '');
      chmodSync(file, 0o644);
      await withViews({ file, ledger: await twoProjects() }, () => {
        expect(modeOf(file)).toBe(0o600);
        expect(modeOf(`${file}-wal`)).toBe(0o600);
      });
    });
  });
  it('is folded anew when another version of the code wrote it', async () => {
    await withDirectory(async (path) => {
      const [file, ledger] = [path('views.db'), await twoProjects()];
      await withViews({ file, ledger }, () => undefined);
      const before = dumpOf(file);
      withOtherSchema(file);
      const told: bigint[] = [];
      const views = await openViews({ file, ledger, onRebuild: (position) => void told.push(position) });
      expect(views.position).toBe(2n);
      expect(views.projects.has('p-1')).toBe(true);
      expect(told).toEqual([2n]);
      views.close();
      expect(dumpOf(file)).toBe(before);
      expect(modeOf(file)).toBe(0o600);
    });
  });
  it('is folded anew when something else had that name', async () => {
    await withDirectory(async (path) => {
      const file = path('views.db');
      const db = new DatabaseSync(file);
      db.exec('CREATE TABLE other (x)');
      db.close();
      await withViews({ file, ledger: await twoProjects() }, (views) => {
        expect(views.projects.has('p-2')).toBe(true);
      });
    });
  });
  it('is folded anew when it cannot be read', async () => {
    await withDirectory(async (path) => {
      const file = path('views.db');
      writeFileSync(file, 'not a database at all '.repeat(1000));
      await withViews({ file, ledger: await twoProjects() }, (views) => {
        expect(views.projects.has('p-2')).toBe(true);
      });
    });
  });
  it('is not thrown away for a fault that is not its own', async () => {
    await withDirectory(async (path) => {
      const [file, ledger] = [path('views.db'), await twoProjects()];
      await withViews({ file, ledger }, () => undefined);
      const other = new DatabaseSync(file);
      other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      await expect(openViews({ file, ledger })).rejects.toThrow(/locked/);
      other.close();
      expect(dumpOf(file)).toContain('p-2');
    });
  });
  it('is folded anew when it tells of another ledger', async () => {
    await withDirectory(async (path) => {
      const file = path('views.db');
      await withViews({ file, ledger: await twoProjects() }, () => undefined);
      const other = await ledgerOf([project('p-8', 8), project('p-9', 9)]);
      await withViews({ file, ledger: other }, (views) => {
        expect(views.projects.has('p-1')).toBe(false);
        expect(views.projects.has('p-8')).toBe(true);
      });
    });
  });
  it('is folded anew when it knows more than the ledger, which was put back from a copy', async () => {
    await withDirectory(async (path) => {
      const file = path('views.db');
      await withViews({ file, ledger: await twoProjects() }, () => undefined);
      await withViews({ file, ledger: await ledgerOf([project('p-1', 1)]) }, (views) => {
        expect(views.position).toBe(1n);
        expect(views.projects.has('p-2')).toBe(false);
      });
    });
  });
  it('is folded anew when the same events stand at other positions, in a copy of the ledger', async () => {
    await withDirectory(async (path) => {
      const file = path('views.db');
      const events = await twoProjects();
      await withViews({ file, ledger: farAway(events) }, () => undefined);
      await withViews({ file, ledger: events }, (views) => {
        expect(views.position).toBe(2n);
      });
    });
  });
  it('goes on from where it was', async () => {
    await withDirectory(async (path) => {
      const [file, ledger] = [path('views.db'), await twoProjects()];
      await withViews({ file, ledger }, () => undefined);
      const views = await openViews({ file, ledger });
      expect(views.position).toBe(2n);
      expect(views.stats().newestAt).toBe(Date.parse(project('p-2', 2).meta.recordedAt));
      views.close();
    });
  });
});

describe('rebuildViews', () => {
  it('replaces an unreadable file, and what an earlier rebuild left', async () => {
    await withDirectory(async (path) => {
      const [file, ledger] = [path('views.db'), await twoProjects()];
      for (const name of [file, `${file}.rebuild`]) writeFileSync(name, 'not a database at all');
      expect(await rebuildViews({ file, ledger })).toBe(2n);
      expect(existsSync(`${file}.rebuild`)).toBe(false);
      await withViews({ file, ledger }, (views) => {
        expect(views.projects.has('p-1')).toBe(true);
      });
    });
  });
  it('does not take the log of the old file for its own, be that file readable or not', async () => {
    await withDirectory(async (path) => {
      const [file, copy, broken] = [path('views.db'), path('copy.db'), path('broken.db')];
      await withViews({ file, ledger: await twoProjects() }, () => {
        // As a killed process leaves it: rows that stand in the log only.
        for (const name of [copy, broken]) writeFileSync(`${name}-wal`, readFileSync(`${file}-wal`));
        writeFileSync(copy, readFileSync(file));
        writeFileSync(broken, 'not a database at all '.repeat(1000));
      });
      const ledger = await ledgerOf([project('p-3', 3)]);
      await rebuildViews({ file: path('fresh.db'), ledger });
      for (const name of [copy, broken]) {
        await rebuildViews({ file: name, ledger });
        expect(dumpOf(name)).toBe(dumpOf(path('fresh.db')));
      }
    });
  });
  it('leaves the old file as it was when the ledger fails on the way', async () => {
    await withDirectory(async (path) => {
      const [file, ledger] = [path('views.db'), await twoProjects()];
      await withViews({ file, ledger }, () => undefined);
      const before = dumpOf(file);
      let reads = 0;
      const failing: Pick<Ledger, 'readAll'> = {
        readAll: async (read) => {
          reads += 1;
          if (reads > 1) throw new Error('ledger is gone');
          return ledger.readAll({ ...read, limit: 1 });
        },
      };
      await expect(rebuildViews({ file, ledger: failing })).rejects.toThrow('ledger is gone');
      expect(dumpOf(file)).toBe(before);
    });
  });
});
