import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, startInstance, type Instance } from '../support/instance/instance.js';
import { eachEvent } from '../support/ledger/ledger-file.js';
import { metric } from '../support/metrics.js';
import { inbound, listed, registerWebhook } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';
import { settled } from '../support/http/wire.js';

const dataDir = newDataDir();
const RECORDS = 1_000;
let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance({ temporal: 'shared', dataDir });
  await registerWebhook(instance, receiver.url);
});
afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

interface Result {
  readonly status: string;
  readonly event_id: string;
}
const change = (identity: string, direction: 'OPT_OUT' | 'OPT_IN', more: object = {}) => ({
  ...{ identity, list_type: 'OPT_OUT_ALL', direction, reason: 'preference centre', ...more },
});
/** How many events there are: in one process's file its position, on roles what the server itself says. */
const written = (): Promise<number> =>
  instance.topology?.engines.ledger.count() ?? metric(instance, 'optledger_ledger_position');
const record = (records: readonly object[], key?: string) =>
  instance.call<{ results: Result[] }>(
    'POST',
    `/apps/${instance.appId}/consents:record`,
    { records },
    key === undefined ? {} : { 'idempotency-key': key },
  );

describe('consents:record', () => {
  it('survives kill -9 in the midst: the repeated request writes what is missing, once', async () => {
    const records = Array.from({ length: RECORDS }, (_, n) => change(String(46_740_000_000 + n), 'OPT_OUT'));
    let answered = 0;
    for (let round = 0; round < 3; round++) {
      const before = await written();
      const asked = record(records, 'midst').then(
        ({ status }) => {
          // A proxy answers for who has died.
          if (status === 200) answered += 1;
        },
        () => undefined,
      );
      await waitFor('some records', async () => (await written()) > before + 50);
      await instance.kill();
      await asked;
      instance = await startInstance({ temporal: 'shared', dataDir });
    }
    const { status, body } = await record(records, 'midst');
    expect([status, body]).toMatchObject([200, { results: expect.anything() as unknown }]);
    expect(new Set(body.results.map(({ event_id }) => event_id)).size).toBe(RECORDS);
    expect((await record(records, 'midst')).body).toEqual(body);
    expect(await listed(instance, 'OPT_OUT_ALL')).toHaveLength(RECORDS);
    await instance.stop();
    const consents: string[] = [];
    const types = new Map<string, number>();
    await eachEvent(dataDir, ({ event }) => {
      types.set(event.type, (types.get(event.type) ?? 0) + 1);
      if (event.type === 'opted-out') consents.push(event.id);
    });
    expect(consents.toSorted()).toEqual(body.results.map(({ event_id }) => event_id).toSorted());
    expect([types.get('recording-started'), types.get('recording-ended')]).toEqual([1, 1]);
    // Else nothing was cut short.
    expect(answered).toBeLessThan(3);
    instance = await startInstance({ temporal: 'shared', dataDir });
  });

  it('never overrides what a person wrote, unless there is newer evidence', async () => {
    const phone = '46740009999';
    await inbound(instance, phone, 'STOP');
    const before = { obtained_at: '2026-01-01T00:00:00Z', text: 'signed form' };
    const refused = await record([change(phone, 'OPT_IN'), change(phone, 'OPT_IN', { evidence: before })]);
    expect(refused.body.results).toMatchObject([
      { status: 'REFUSED', code: 'NEWER_OPT_OUT' },
      { status: 'REFUSED', code: 'NEWER_OPT_OUT' },
    ]);
    expect(await listed(instance, 'OPT_OUT_ALL')).toContain(phone);
    const evidence = { obtained_at: new Date().toISOString(), text: 'ticked the box' };
    const taken = await record([change(phone, 'OPT_IN', { evidence })]);
    expect(taken.body.results).toMatchObject([{ status: 'RECORDED', changed: true }]);
    expect(await listed(instance, 'OPT_OUT_ALL')).not.toContain(phone);
  });

  it('fires callbacks where the app asks for them, and nowhere else', async () => {
    const count = () => receiver.requests.filter(({ body }) => body.includes('opt_out_notification')).length;
    await settled(instance);
    const before = count();
    await record([change('46740008888', 'OPT_OUT')]);
    await settled(instance);
    expect(count()).toBe(before);
    await instance.call('PATCH', `/apps/${instance.appId}/consent-settings`, { callback_on_api: true });
    await record([change('46740007777', 'OPT_OUT')]);
    await waitFor('the callback', () => count() === before + 1);
    expect(receiver.requests.filter(({ body }) => body.includes('46740008888'))).toEqual([]);
  });
});
