import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../../domain/events/events.js';
import type { AppState, Endpoint } from '../../../../domain/settings.js';
import type { Views } from '../../../../projections/views.js';
import { appState, endpoint, event, PROJECT } from '../events.js';
import { ledgerOf, withDirectory, withViews } from '../open-views.js';

type Entry = readonly [string, LedgerEvent];

async function viewsOf<T>(entries: readonly Entry[], use: (views: Views) => T): Promise<T> {
  return withDirectory(async (file) =>
    withViews({ file: file('v.db'), ledger: await ledgerOf(entries) }, use),
  );
}
const idsOf = (endpoints: readonly Endpoint[]): string[] => endpoints.map(({ id }) => id);

describe('apps', () => {
  const app = (n: number, id: string, over: Partial<AppState> = {}): Entry => [
    `app-${id}`,
    event(n, over.deleted ? 'app-deleted' : n < 3 ? 'app-created' : 'app-changed', {
      state: appState(id, over),
    }),
  ];

  it('are found in their own project, with the revision that they stand at', async () => {
    await viewsOf([app(1, 'z'), app(2, 'a'), app(3, 'z', { displayName: 'New' })], ({ apps }) => {
      expect(apps.get(PROJECT, 'z')).toEqual({ state: appState('z', { displayName: 'New' }), revision: 1 });
      expect(apps.get('p-2', 'z')).toBeUndefined();
      expect(apps.get(PROJECT, 'q')).toBeUndefined();
      expect(apps.list(PROJECT).map(({ state }) => state.appId)).toEqual(['z', 'a']);
      expect(apps.list('p-2')).toEqual([]);
    });
  });
  it('are gone once deleted', async () => {
    await viewsOf([app(1, 'z'), app(3, 'z', { deleted: true })], ({ apps }) => {
      expect(apps.get(PROJECT, 'z')).toBeUndefined();
      expect(apps.list(PROJECT)).toEqual([]);
    });
  });
});

describe('endpoints', () => {
  const one = endpoint('wh-1');
  const two = endpoint('wh-2');
  const changed = endpoint('wh-1', { target: 'https://elsewhere.example/' });
  const types = ['app-created', 'app-changed', 'app-deleted'] as const;
  const steps = (...states: Partial<AppState>[]): Entry[] =>
    states.map((state, n) => [
      'app-a',
      event(n, types[state.deleted ? 2 : Math.min(n, 1)] ?? 'app-changed', { state: appState('a', state) }),
    ]);
  const history = steps(
    { endpoints: [one] },
    { endpoints: [two, one] },
    { endpoints: [two, changed] },
    { endpoints: [changed], displayName: 'Unrelated' },
    { endpoints: [changed], deleted: true },
  );

  it('stand from the event that registered them until the one that changed or removed them', async () => {
    await viewsOf(history, ({ endpoints }) => {
      const at = (position: bigint): Endpoint[] => [...endpoints.inForceAt('a', position)];
      expect([1n, 2n, 3n, 4n, 5n].map((position) => idsOf(at(position)))).toEqual([
        ['wh-1'],
        ['wh-1', 'wh-2'],
        ['wh-1', 'wh-2'],
        ['wh-1'],
        [],
      ]);
      expect(at(2n)[0]).toEqual(one);
      expect(at(3n)[0]).toEqual(changed);
      expect(at(0n)).toEqual([]);
      expect(endpoints.inForce('a')).toEqual([]);
      expect(endpoints.find(PROJECT, 'wh-1')).toBeUndefined();
    });
  });
  it('are found in their own project as they stand now', async () => {
    await viewsOf(history.slice(0, 3), ({ endpoints }) => {
      expect(endpoints.find(PROJECT, 'wh-1')).toEqual({ appId: 'a', endpoint: changed });
      expect(endpoints.find('p-2', 'wh-1')).toBeUndefined();
      expect(endpoints.find(PROJECT, 'wh-9')).toBeUndefined();
      expect(endpoints.inForce('a')).toEqual([changed, two]);
      expect(endpoints.inForce('b')).toEqual([]);
    });
  });
  it('follow every kind of change of an endpoint', async () => {
    const kinds = [
      'endpoint-registered',
      'endpoint-changed',
      'endpoint-disabled',
      'endpoint-enabled',
    ] as const;
    const off = endpoint('wh-1', { disabled: { reason: 'owner' } });
    const states = [one, changed, off, one];
    const entries = kinds.map((kind, n): Entry => {
      const state = appState('a', { endpoints: [states[n] ?? one] });
      return ['app-a', event(n, kind, { state, endpointId: 'wh-1' })];
    });
    const removed: Entry = [
      'app-a',
      event(9, 'endpoint-removed', { state: appState('a'), endpointId: 'wh-1' }),
    ];
    await viewsOf([...entries, removed], ({ endpoints, apps }) => {
      states.forEach((state, n) => {
        expect(endpoints.inForceAt('a', BigInt(n + 1))).toEqual([state]);
      });
      expect(endpoints.inForce('a')).toEqual([]);
      expect(apps.get(PROJECT, 'a')?.revision).toBe(4);
    });
  });
});

describe('projects and access keys', () => {
  const created = (n: number, keyId: string): Entry => [
    'project-p-1',
    event(n, 'access-key-created', {
      projectId: PROJECT,
      keyId,
      secretHash: 'a'.repeat(64),
      scopes: ['send', 'read'],
      label: 'x',
    }),
  ];
  const project: Entry = [
    'project-p-1',
    event(0, 'project-created', { projectId: PROJECT, displayName: 'Shop' }),
  ];

  it('know what stands', async () => {
    await viewsOf([project, created(1, 'k-1')], ({ projects, keys }) => {
      expect(projects.has(PROJECT)).toBe(true);
      expect(projects.has('p-2')).toBe(false);
      expect(keys.find('k-1')).toEqual({
        keyId: 'k-1',
        projectId: PROJECT,
        secretHash: 'a'.repeat(64),
        scopes: ['send', 'read'],
      });
      expect(keys.find('k-2')).toBeUndefined();
    });
  });
  it('forget a key that was revoked, and only by its own project', async () => {
    const revoked = (n: number, projectId: string, keyId: string): Entry => [
      `project-${projectId}`,
      event(n, 'access-key-revoked', { projectId, keyId }),
    ];
    const entries = [
      project,
      created(1, 'k-1'),
      created(2, 'k-2'),
      revoked(3, PROJECT, 'k-1'),
      revoked(4, 'p-2', 'k-2'),
    ];
    await viewsOf(entries, ({ keys }) => {
      expect(keys.find('k-1')).toBeUndefined();
      expect(keys.find('k-2')?.keyId).toBe('k-2');
    });
  });
});
