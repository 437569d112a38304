import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { rawRequest } from '../support/http/raw-http.js';
import { inbound, listed, phone, registerWebhook, toCallback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';
import { WIRE_ID, wireOf } from '../support/http/wire.js';

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

const insert = (appId: string, records: readonly object[]) =>
  instance.call('POST', '/consents', { app_id: appId, consent_records: records });
const operations = async (appId: string, identity: string): Promise<string[]> => {
  const answer = await instance.call<{
    audit_records: { origin: string; operation: string; list_type: string }[];
  }>('GET', `/apps/${appId}/consents/identities/${identity}`);
  return answer.body.audit_records.map(
    (record) => `${record.origin} ${record.operation} ${record.list_type}`,
  );
};

describe('POST consents of the Batch API', () => {
  it('puts each record on its list and answers a batch id', async () => {
    const appId = await wireOf(instance).newApp();
    const { status, body } = await insert(appId, [
      { identification: '+46700700001', consent_type: 'OPT_OUT_ALL' },
      { identification: '46700700002', consent_type: 'OPT_OUT_MARKETING' },
      { identification: '0046700700003', consent_type: 'OPT_OUT_NOTIFICATION' },
    ]);
    expect(status).toBe(200);
    expect(body).toEqual({ batch_id: expect.stringMatching(WIRE_ID) as string });
    expect(await listed(instance, 'OPT_OUT_ALL', appId)).toEqual(['46700700001']);
    expect(await listed(instance, 'OPT_OUT_MARKETING', appId)).toEqual(['46700700002']);
    expect(await listed(instance, 'OPT_OUT_NOTIFICATION', appId)).toEqual(['46700700003']);
  });

  it('takes a record without a type for OPT_OUT_ALL', async () => {
    const appId = await wireOf(instance).newApp();
    await insert(appId, [{ identification: '46700700001' }]);
    expect(await operations(appId, '46700700001')).toEqual(['ORIGIN_API OPERATION_INSERT OPT_OUT_ALL']);
  });

  it('takes 1,000 records', async () => {
    const appId = await wireOf(instance).newApp();
    const records = Array.from({ length: 1_000 }, (_, at) => ({
      identification: String(46_700_710_000 + at),
    }));
    expect((await insert(appId, records)).status).toBe(200);
    expect(await listed(instance, 'OPT_OUT_ALL', appId)).toHaveLength(1_000);
  });

  it('only inserts: a repetition is an UPDATE, and nothing deletes', async () => {
    const appId = await wireOf(instance).newApp();
    const record = { identification: '46700700001', consent_type: 'OPT_OUT_MARKETING' };
    await insert(appId, [record]);
    await insert(appId, [record]);
    expect(await operations(appId, '46700700001')).toEqual([
      'ORIGIN_API OPERATION_INSERT OPT_OUT_MARKETING',
      'ORIGIN_API OPERATION_UPDATE OPT_OUT_MARKETING',
    ]);
    const removal = await instance.call('DELETE', '/consents', { app_id: appId, consent_records: [record] });
    expect(removal).toMatchObject({ status: 501, body: { code: 501, status: 'UNIMPLEMENTED' } });
  });

  it('fires no callback and sends no reply', async () => {
    const wire = wireOf(instance);
    const appId = await wire.newApp();
    await registerWebhook(instance, `${receiver.url}/batch`, { app_id: appId });
    await insert(appId, [{ identification: '46700700001' }]);
    // What comes later has been dealt with, so what came before has been as well.
    await inbound(instance, '46700700002', 'STOP', { appId });
    await waitFor('the callback of the other', () =>
      receiver.requests.map(toCallback).some(({ kind }) => kind === 'opt_out_notification'),
    );
    await waitFor('the reply to the other', async () => (await phone(instance, appId)).length > 0);
    expect(receiver.requests.filter(({ body }) => body.includes('46700700001'))).toEqual([]);
    expect((await phone(instance, appId)).map(({ identity }) => identity)).toEqual(['46700700002']);
  });

  it('answers errors flat: 401, 403, 404', async () => {
    const body = JSON.stringify({ app_id: 'nobody', consent_records: [{ identification: '46700700001' }] });
    const headers = { 'content-type': 'application/json' };
    const unknown = await rawRequest(instance.url, {
      method: 'POST',
      path: `${instance.base}/consents`,
      headers,
      body,
    });
    expect(unknown.status).toBe(401);
    expect(JSON.parse(unknown.text)).toMatchObject({ code: 401, status: 'UNAUTHENTICATED', details: [] });
    const foreign = await instance.call('POST', '/v1/projects/other/consents', body);
    expect(foreign).toMatchObject({
      status: 403,
      body: { code: 403, status: 'PERMISSION_DENIED', details: [] },
    });
    expect(await instance.call('POST', '/consents', body)).toMatchObject({
      status: 404,
      body: { code: 404, message: 'app not found', status: 'NOT_FOUND', details: [] },
    });
  });

  it('shares its listener with the Conversation API, whose paths keep their meaning', async () => {
    expect((await instance.call('GET', '/messages/nothing')).body).toHaveProperty('error');
    expect((await instance.call('POST', '/contacts', {})).status).toBe(404);
    // The Conversation API's list has this path, without a POST.
    expect((await instance.call('POST', '/messages', {})).status).toBe(501);
  });
});
