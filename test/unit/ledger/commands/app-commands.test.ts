import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_DELIVERY_SETTINGS, type Endpoint } from '../../../../domain/settings.js';
import {
  changeApp,
  changeChannelSettings,
  changeConsentSettings,
  createApp,
  deleteApp,
  type StoredAppFields,
} from '../../../../ledger/commands/app-commands.js';
import { readApp } from '../../../../ledger/reads/app-reads.js';
import {
  changeEndpoint,
  disableEndpoint,
  readEndpoint,
  registerEndpoint,
  removeEndpoint,
} from '../../../../ledger/commands/endpoint-commands.js';
import { createMemoryLedger, type MemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { appStream } from '../../../../ledger/streams.js';

const actor = { type: 'access-key', id: 'k1' } as const;
const target = { projectId: 'p1', appId: 'a1', actor };
const fields: StoredAppFields = {
  displayName: 'shop',
  processingMode: 'DISPATCH',
  profile: {},
  sealedOverrideSecret: null,
};
const endpoint = (id: string, url = `https://${id}.example.com`): Endpoint => ({
  id,
  target: url,
  targetType: 'HTTP',
  sealedSecret: null,
  triggers: [],
  clientCredentials: null,
  delivery: DEFAULT_DELIVERY_SETTINGS,
  disabled: null,
});

let ledger: MemoryLedger;
let deps: { ledger: MemoryLedger; clock: { now: () => number } };
beforeEach(async () => {
  ledger = createMemoryLedger();
  deps = { ledger, clock: { now: () => Date.parse('2026-01-02T03:04:05.678Z') } };
  await createApp(deps, target, fields);
});
const events = async () =>
  (await ledger.readStream(appStream('a1'), { from: 0, direction: 'forwards', limit: 100 })).map(
    ({ event }) => event,
  );
const typesOf = async () => (await events()).map(({ type }) => type);
const refusal = (code: string) => expect.objectContaining({ name: 'Refusal', code }) as unknown;

describe('commands of an app', () => {
  it('write the whole state and who asked into every event', async () => {
    await changeConsentSettings(deps, target, 0, (consent) => ({ ...consent, mode: 'SECONDARY' }));
    await changeApp(deps, target, (state) => ({ ...fields, displayName: `${state.displayName} 2` }));
    await registerEndpoint(deps, target, endpoint('e1'));
    await changeChannelSettings(deps, target, () => ({
      type: 'http',
      url: 'https://g',
      sealedSecret: 's',
      idempotent: true,
    }));
    const all = await events();
    expect(all.map(({ type }) => type)).toEqual([
      'app-created',
      'consent-settings-changed',
      'app-changed',
      'endpoint-registered',
      'channel-settings-changed',
    ]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(5);
    expect(all.at(-1)).toMatchObject({
      meta: { actor, recordedAt: '2026-01-02T03:04:05.678Z' },
      data: {
        state: {
          displayName: 'shop 2',
          consent: { mode: 'SECONDARY' },
          endpoints: [{ id: 'e1' }],
          channel: { type: 'http' },
        },
      },
    });
  });

  it('start enabled in PRIMARY, on the simulator', async () => {
    const { state, revision } = await readApp(ledger, 'p1', 'a1');
    expect(state).toMatchObject({
      consent: { enabled: true, mode: 'PRIMARY' },
      channel: { type: 'simulator' },
      endpoints: [],
    });
    expect(revision).toBe(0);
  });

  it('create an app once, also when the same creation is repeated', async () => {
    await createApp(deps, target, fields);
    expect(await typesOf()).toEqual(['app-created']);
  });

  it('refuse a revision that is not the last', async () => {
    const change = (expected: number) => changeConsentSettings(deps, target, expected, (consent) => consent);
    await expect(change(1)).rejects.toEqual(refusal('stale-revision'));
    expect((await change(0)).revision).toBe(1);
    await expect(change(0)).rejects.toEqual(refusal('stale-revision'));
    expect((await events()).length).toBe(2);
  });

  it('know no app that is unknown, foreign or deleted', async () => {
    const attempts = [
      () => changeApp(deps, { ...target, appId: 'a2' }, () => fields),
      () => changeApp(deps, { ...target, projectId: 'p2' }, () => fields),
    ];
    await deleteApp(deps, target);
    attempts.push(() => changeApp(deps, target, () => fields));
    for (const attempt of attempts) await expect(attempt()).rejects.toEqual(refusal('app-not-found'));
    await expect(deleteApp(deps, target)).rejects.toEqual(refusal('app-not-found'));
    expect(await typesOf()).toEqual(['app-created', 'app-deleted']);
  });

  it('lose no change when many come at once', async () => {
    const turns = Array.from({ length: 20 }, () =>
      changeApp(deps, target, (state) => ({ ...fields, displayName: `${state.displayName}.` })),
    );
    await Promise.all(turns);
    expect((await readApp(ledger, 'p1', 'a1')).state.displayName).toBe(`shop${'.'.repeat(20)}`);
  });
});

describe('commands of a webhook', () => {
  it('let an app have five, also when six come at once', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => registerEndpoint(deps, target, endpoint(`e${String(n)}`))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(results.find((result) => result.status === 'rejected')?.reason).toEqual(
      refusal('too-many-webhooks'),
    );
  });

  it('keep targets apart, a webhook itself left out', async () => {
    await registerEndpoint(deps, target, endpoint('e1'));
    await registerEndpoint(deps, target, endpoint('e2'));
    const move = (endpointId: string) =>
      changeEndpoint(deps, { ...target, endpointId }, (one) => ({
        ...one,
        target: 'https://e1.example.com',
        triggers: ['OPT_OUT'],
      }));
    await expect(move('e2')).rejects.toEqual(refusal('target-taken'));
    expect((await move('e1')).triggers).toEqual(['OPT_OUT']);
    await expect(registerEndpoint(deps, target, endpoint('e3', 'https://e1.example.com'))).rejects.toEqual(
      refusal('target-taken'),
    );
    expect(await readEndpoint(ledger, { ...target, endpointId: 'e2' })).toEqual(endpoint('e2'));
  });

  it('refuse one that is not there', async () => {
    const gone = { ...target, endpointId: 'none' };
    await expect(changeEndpoint(deps, gone, (one) => one)).rejects.toEqual(refusal('webhook-not-found'));
    await expect(removeEndpoint(deps, gone)).rejects.toEqual(refusal('webhook-not-found'));
    await expect(readEndpoint(ledger, gone)).rejects.toEqual(refusal('webhook-not-found'));
    await disableEndpoint(deps, gone, { reason: 'gone' });
    expect(await typesOf()).toEqual(['app-created']);
  });

  it('disable it once, and only while it has the address that gave the reason', async () => {
    await registerEndpoint(deps, target, endpoint('e1'));
    const e1 = { ...target, endpointId: 'e1' };
    await disableEndpoint(deps, e1, { reason: 'gone', address: 'https://old.example.com' });
    expect((await readEndpoint(ledger, e1)).disabled).toBeNull();
    await disableEndpoint(deps, e1, { reason: 'gone', address: 'https://e1.example.com' });
    await disableEndpoint(deps, e1, { reason: 'owner' });
    expect((await readEndpoint(ledger, e1)).disabled).toEqual({ reason: 'gone' });
    await removeEndpoint(deps, e1);
    expect(await typesOf()).toEqual([
      'app-created',
      'endpoint-registered',
      'endpoint-disabled',
      'endpoint-removed',
    ]);
    expect((await readApp(ledger, 'p1', 'a1')).state.endpoints).toEqual([]);
  });
});
