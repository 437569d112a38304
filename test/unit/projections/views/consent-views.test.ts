import { describe, expect, it } from 'vitest';
import type { ListType } from '../../../../domain/lists.js';
import type { ConsentLists } from '../../../../projections/views/consent-lists.js';
import { at, changeData, event, PROJECT } from '../events.js';
import { ledgerOf, withDirectory, withViews } from '../open-views.js';
import type { Views } from '../../../../projections/views.js';

const ALL = 'OPT_OUT_ALL';
const MARKETING = 'OPT_OUT_MARKETING';

interface Change {
  readonly who: string;
  readonly out: boolean;
  readonly listType?: ListType;
  readonly moved?: readonly ListType[];
  readonly app?: string;
  readonly origin?: 'ORIGIN_MO' | 'ORIGIN_API';
}
const changes = (all: readonly Change[]) =>
  all.map(({ who, out, listType = ALL, moved = [listType], app = 'app-1', origin = 'ORIGIN_MO' }, n) =>
    event(n, out ? 'opted-out' : 'opted-in', changeData(app, `c-${who}`, { listType, moved, origin }), {
      ms: n,
      personal: { identity: who, sender: '1' },
    }),
  );

async function viewsOf<T>(all: readonly Change[], use: (views: Views) => T): Promise<T> {
  return withDirectory(async (file) =>
    withViews({ file: file('v.db'), ledger: await ledgerOf(changes(all)) }, use),
  );
}

/** Every page of a list, by pages of `limit`. */
function pagesOf(lists: ConsentLists, list: ListType, limit: number, app = 'app-1'): string[][] {
  const pages: string[][] = [];
  for (let afterKey: string | null = null; ;) {
    const page = lists.page(app, list, { afterKey, limit });
    pages.push(page.identities.map(({ identity }) => identity));
    if (page.nextKey === null) return pages;
    afterKey = page.nextKey;
  }
}

describe('consent lists', () => {
  const people = ['a', 'b', 'c', 'd', 'e'].map((who) => ({ who, out: true }));

  it('go page by page in the order of arrival; the last page has no key', async () => {
    await viewsOf(people, ({ consentLists }) => {
      expect(pagesOf(consentLists, ALL, 2)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
      expect(pagesOf(consentLists, ALL, 5)).toEqual([['a', 'b', 'c', 'd', 'e']]);
      expect(pagesOf(consentLists, MARKETING, 2)).toEqual([[]]);
      expect(pagesOf(consentLists, ALL, 2, 'app-2')).toEqual([[]]);
    });
  });
  it('leave out who opted in, and put whoever comes back at the end', async () => {
    await viewsOf(
      [...people, { who: 'b', out: false }, { who: 'a', out: false }, { who: 'a', out: true }],
      (views) => {
        expect(pagesOf(views.consentLists, ALL, 2)).toEqual([
          ['c', 'd'],
          ['e', 'a'],
        ]);
      },
    );
  });
  it('keep a page key good when the row it names is gone', async () => {
    await viewsOf([...people, { who: 'b', out: false }], ({ consentLists }) => {
      expect(consentLists.page('app-1', ALL, { afterKey: '2', limit: 9 }).identities[0]?.identity).toBe('c');
    });
  });
  it('have one row for a contact, however often it opts out', async () => {
    await viewsOf(
      [
        { who: 'a', out: true },
        { who: 'a', out: true, moved: [] },
      ],
      ({ consentLists }) => {
        expect(pagesOf(consentLists, ALL, 9)).toEqual([['a']]);
      },
    );
  });
  it('are told apart by app', async () => {
    await viewsOf(
      [
        { who: 'a', out: true },
        { who: 'z', out: true, app: 'app-2' },
      ],
      ({ consentLists }) => {
        expect(pagesOf(consentLists, ALL, 9, 'app-2')).toEqual([['z']]);
      },
    );
  });
  it.each(['', 'x', '-1', '01', '1.5', '1e3', '9223372036854775808', '99999999999999999999', ' 1'])(
    'refuse the key %j',
    async (afterKey) => {
      await viewsOf(people, ({ consentLists }) => {
        expect(() => consentLists.page('app-1', ALL, { afterKey, limit: 9 })).toThrow(RangeError);
      });
    },
  );
  it('take the greatest key there can be', async () => {
    await viewsOf(people, ({ consentLists }) => {
      const page = consentLists.page('app-1', ALL, { afterKey: '9223372036854775807', limit: 9 });
      expect(page).toEqual({ identities: [], nextKey: null });
    });
  });
});

describe('the audit trail', () => {
  it('has INSERT, UPDATE and DELETE, and nothing for an opt-in that changed nothing', async () => {
    const history: Change[] = [
      { who: 'a', out: false, moved: [] },
      { who: 'a', out: true },
      { who: 'a', out: true, moved: [] },
      { who: 'a', out: true, listType: MARKETING, origin: 'ORIGIN_API' },
      { who: 'b', out: true },
      { who: 'a', out: false, moved: [ALL, MARKETING] },
      { who: 'a', out: false, moved: [] },
    ];
    await viewsOf(history, ({ audit }) => {
      const records = audit.records(['c-a']);
      expect(
        records.map((record) => [record.operation, record.listType, record.origin, record.datetime]),
      ).toEqual([
        ['OPERATION_INSERT', ALL, 'ORIGIN_MO', at(1)],
        ['OPERATION_UPDATE', ALL, 'ORIGIN_MO', at(2)],
        ['OPERATION_INSERT', MARKETING, 'ORIGIN_API', at(3)],
        ['OPERATION_DELETE', ALL, 'ORIGIN_MO', at(5)],
        ['OPERATION_DELETE', MARKETING, 'ORIGIN_MO', at(5)],
      ]);
      expect(records[0]).toMatchObject({ projectId: PROJECT, appId: 'app-1' });
      expect(audit.records(['c-nobody'])).toEqual([]);
    });
  });
});
