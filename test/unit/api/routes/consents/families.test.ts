import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
let path: string;
beforeAll(async () => {
  world = await apiWorld();
  path = `/apps/${world.appId}`;
});
afterAll(() => world.close());

let messages = 0;
const write = async (channel: string, identity: string, text: string): Promise<void> => {
  const body = { message_id: `m-${String((messages += 1))}`, channel, identity, sender: '12025550100', text };
  const answer = await world.call('POST', `${path}/inbound/generic`, body);
  expect(answer.status, answer.text).toBe(200);
};
const isAllowed = async (identity: string, channel?: string): Promise<unknown> => {
  const answer = await world.call('POST', `${path}/consents:check`, {
    identity,
    ...(channel && { channel }),
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.body['allowed'];
};
const record = (identity: string, more: object = {}, direction = 'OPT_OUT') =>
  world.call(
    'POST',
    `${path}/consents:record`,
    { records: [{ identity, list_type: 'OPT_OUT_ALL', direction, reason: 'told us', ...more }] },
    { scope: 'send' },
  );
const batch = (identification: string) =>
  world.call(
    'POST',
    '/consents',
    { app_id: world.appId, consent_records: [{ identification }] },
    { scope: 'send' },
  );
const listed = async (): Promise<readonly string[]> => {
  const answer = await world.call('GET', `${path}/consents/OPT_OUT_ALL?page_size=50`);
  return (answer.body['identities'] as { identity: string }[]).map(({ identity }) => identity);
};
const isOut = async (identity: string, query = ''): Promise<unknown> => {
  const answer = await world.call(
    'GET',
    `${path}/consents/identities/${encodeURIComponent(identity)}/standing${query}`,
  );
  expect(answer.status, answer.text).toBe(200);
  const [all] = answer.body['lists'] as { opted_out: boolean }[];
  return all?.opted_out;
};
const audit = async (identity: string, query = ''): Promise<readonly string[]> => {
  const answer = await world.call(
    'GET',
    `${path}/consents/identities/${encodeURIComponent(identity)}${query}`,
  );
  return (answer.body['audit_records'] as { operation: string }[]).map(({ operation }) => operation);
};

describe('one subscriber on the phone channels', () => {
  it('is blocked in every spelling and on every phone channel, and listed once as E.164 has it', async () => {
    await write('WHATSAPP', '5215512340001', 'STOP');
    for (const spelling of [
      '+525512340001',
      'tel:+52-55-1234-0001',
      '00525512340001',
      '+52 1 55 1234 0001',
    ]) {
      for (const channel of [undefined, 'SMS', 'RCS', 'VIBERBM', 'MMS']) {
        expect([spelling, channel, await isAllowed(spelling, channel)]).toEqual([spelling, channel, false]);
      }
    }
    expect(await listed()).toContain('525512340001');
    expect(await listed()).not.toContain('5215512340001');
    expect(await isOut('+52 1 55 1234 0001')).toBe(true);
    expect(await audit('525512340001')).toEqual(['OPERATION_INSERT']);
  });

  it('counts for a record and a batch without a channel', async () => {
    expect((await record('+44 (0)7700 900456')).status).toBe(200);
    expect((await batch('0044(0)7700900457')).status).toBe(200);
    expect(await isAllowed('447700900456', 'SMS')).toBe(false);
    expect(await isAllowed('+447700900457', 'WHATSAPP')).toBe(false);
    expect(await isAllowed('447700900457', 'TELEGRAM')).toBe(true);
  });
});

describe('the same digits on another channel', () => {
  it('are somebody else, whoever speaks first', async () => {
    await write('SMS', '+4791234567', 'STOP');
    await write('TELEGRAM', '4791234567', 'START');
    expect(await isAllowed('4791234567')).toBe(false);
    expect(await isAllowed('4791234567', 'TELEGRAM')).toBe(true);
    await write('TELEGRAM', '6581234567', 'STOP');
    expect(await isAllowed('6581234567')).toBe(true);
    expect(await isAllowed('6581234567', 'TELEGRAM')).toBe(false);
    expect(await isAllowed('6581234567', 'LINE')).toBe(true);
  });

  it('are shown by channel, and without one where no phone has them', async () => {
    await write('TELEGRAM', '6581230002', 'STOP');
    expect(await isOut('6581230002')).toBe(true);
    expect(await audit('6581230002')).toEqual(['OPERATION_INSERT']);
    await write('SMS', '6581230002', 'hello');
    expect(await isOut('6581230002')).toBe(false);
    expect(await isOut('6581230002', '?channel=TELEGRAM')).toBe(true);
    expect(await audit('6581230002', '?channel=TELEGRAM')).toEqual(['OPERATION_INSERT']);
    expect(await audit('6581230002', '?channel=SMS')).toEqual([]);
  });
});

describe('an identity that is no number, without a channel', () => {
  const CHANNELS = [
    'MESSENGER',
    'INSTAGRAM',
    'TELEGRAM',
    'KAKAOTALK',
    'KAKAOTALKCHAT',
    'LINE',
    'WECHAT',
    'APPLEBC',
  ];

  it('is blocked on every other channel, listed and audited once', async () => {
    expect((await batch('user-abc')).status).toBe(200);
    for (const channel of CHANNELS)
      expect([channel, await isAllowed('user-abc', channel)]).toEqual([channel, false]);
    expect(await isAllowed('user-abc')).toBe(false);
    expect((await listed()).filter((one) => one === 'user-abc')).toEqual(['user-abc']);
    expect(await audit('user-abc')).toEqual(['OPERATION_INSERT']);
    expect(await isOut('user-abc')).toBe(true);
  });

  it('is opened again by the person on their channel only, and stays listed for the others', async () => {
    await record('user-def');
    await write('TELEGRAM', 'user-def', 'START');
    expect(await isAllowed('user-def', 'TELEGRAM')).toBe(true);
    expect(await isAllowed('user-def', 'LINE')).toBe(false);
    expect(await isAllowed('user-def')).toBe(false);
    expect((await listed()).filter((one) => one === 'user-def')).toEqual(['user-def']);
    expect((await record('user-def', {}, 'OPT_IN')).status).toBe(200);
    expect(await isAllowed('user-def')).toBe(true);
    expect(await listed()).not.toContain('user-def');
  });

  it('answers one result a record, refused where a person’s own word speaks against it', async () => {
    await write('LINE', 'user-ghi', 'STOP');
    const refused = await record('user-ghi', {}, 'OPT_IN');
    expect(refused.body['results']).toMatchObject([{ status: 'REFUSED', code: 'NEWER_OPT_OUT' }]);
    expect(await isAllowed('user-ghi', 'LINE')).toBe(false);
    const named = await record('user-ghi', { channel: 'WECHAT' });
    expect(named.body['results']).toMatchObject([{ status: 'RECORDED', changed: true }]);
    expect(await isAllowed('user-ghi', 'MESSENGER')).toBe(true);
  });

  it('repeats under its key without writing twice', async () => {
    const body = {
      records: [{ identity: 'user-jkl', list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT', reason: 'r' }],
    };
    const call = { scope: 'send', headers: { 'idempotency-key': 'families' } } as const;
    const first = await world.call('POST', `${path}/consents:record`, body, call);
    const before = (await world.events()).length;
    expect((await world.call('POST', `${path}/consents:record`, body, call)).text).toBe(first.text);
    expect((await world.events()).length).toBe(before);
  });
});

describe('an identity that is not clearly one number', () => {
  it.each([
    '46700000004.0',
    '46700000004.00',
    '46700000004.5',
    '46700000001,46700000002',
    '0700000001',
    '+46 7O',
  ])('%s is 400 naming the field, and nothing is written', async (identity) => {
    const before = (await world.events()).length;
    const answers = [
      await record(identity),
      await record(identity, { channel: 'SMS' }),
      await batch(identity),
    ];
    const asked = await world.call('POST', `${path}/consents:check`, { identity });
    for (const [index, field] of ['records.0.identity', 'records.0.identity', 'identification'].entries()) {
      expect(answers[index]).toMatchObject({ status: 400, text: expect.stringContaining(field) as string });
      expect(answers[index]?.text).not.toContain(identity);
    }
    expect(asked).toMatchObject({ status: 400, text: expect.stringContaining('identity') as string });
    expect((await world.events()).length).toBe(before);
  });
});
