import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const insert = (records: unknown, more: Record<string, unknown> = {}) =>
  world.call(
    'POST',
    '/consents',
    { app_id: world.appId, consent_records: records, ...more },
    { scope: 'send' },
  );
const list = async (listType: string) =>
  (await world.call('GET', `/apps/${world.appId}/consents/${listType}?page_size=50`)).body;

describe('POST consents of the Batch API', () => {
  it('inserts opt-outs, canonical, each once, and ignores keys that it does not know', async () => {
    const answer = await insert(
      [
        { identification: '+46700000001' },
        { identification: '0046700000001', colour: 'blue' },
        { identification: '46700000002', consent_type: 'OPT_OUT_MARKETING' },
      ],
      { colour: 'blue' },
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { batch_id: expect.stringMatching(/^[0-7][0-9A-Z]{25}$/u) as string },
    });
    expect(await list('OPT_OUT_ALL')).toMatchObject({
      identities: [{ identity: '46700000001' }],
      next_page_token: '',
    });
    expect(await list('OPT_OUT_MARKETING')).toMatchObject({ identities: [{ identity: '46700000002' }] });
    const audit = await world.call('GET', `/apps/${world.appId}/consents/identities/+46700000001`);
    expect(audit.body).toMatchObject({
      audit_records: [{ origin: 'ORIGIN_API', operation: 'OPERATION_INSERT' }],
    });
    const changes = (await world.events()).filter(({ type }) => type === 'opted-out');
    expect(changes).toHaveLength(2);
    expect(changes[0]).toMatchObject({
      data: { reply: null, notify: false },
      meta: { actor: { type: 'access-key' } },
    });
  });

  it('takes 1,000 records', async () => {
    const records = Array.from({ length: 1_000 }, (_, i) => ({
      identification: String(46_710_000_000 + i),
      consent_type: 'OPT_OUT_NOTIFICATION',
    }));
    expect((await insert(records)).status).toBe(200);
    expect(await list('OPT_OUT_NOTIFICATION')).toMatchObject({
      next_page_token: expect.stringMatching(/./u) as string,
    });
  });

  it('tells the customer’s systems where the app asks for it', async () => {
    await world.setConsent((consent) => ({ ...consent, callbackOnApi: true }));
    await insert([{ identification: '46700000003' }]);
    expect((await world.events()).at(-1)).toMatchObject({ type: 'opted-out', data: { notify: true } });
  });

  it('writes nothing when one record is wrong, and names it in the flat shape', async () => {
    const before = await world.events();
    const answer = await insert([{ identification: '46700000004' }, { identification: '0700000005' }]);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: expect.stringContaining('consent_records.1.identification') as string,
      },
    });
    expect(answer.text).not.toContain('070000');
    expect(await world.events()).toHaveLength(before.length);
  });
});
