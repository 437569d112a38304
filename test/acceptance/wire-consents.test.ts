import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { expectError, WIRE_TIME, wireOf, type Wire } from '../support/http/wire.js';

interface Page {
  readonly identities: readonly { readonly identity: string }[];
  readonly next_page_token: string;
}
interface Audit {
  readonly identity: { readonly identity: string };
  readonly audit_records: readonly Readonly<Record<string, string>>[];
}

let instance: Instance;
let wire: Wire;
/** 60 people on OPT_OUT_ALL, put there in this order. */
const CROWD = Array.from({ length: 60 }, (_, at) => String(46_700_300_999 - at * 7));
let crowded: string;

beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  wire = wireOf(instance);
  crowded = await wire.newApp();
  await instance.call('POST', '/consents', {
    app_id: crowded,
    consent_records: CROWD.map((identification) => ({ identification })),
  });
});
afterAll(() => instance.stop());

const list = (appId: string, listType: string, query = '') =>
  instance.call<Page>('GET', `/apps/${appId}/consents/${listType}${query}`);
const names = ({ identities }: Page): string[] => identities.map(({ identity }) => identity);
const audit = async (appId: string, path: string): Promise<Audit> => {
  const { status, text } = await wire.raw({
    method: 'GET',
    path: `/apps/${appId}/consents/identities/${path}`,
  });
  expect(status, text).toBe(200);
  return JSON.parse(text) as Audit;
};

describe('identities of one list', () => {
  it('are those of that list, for each of the three', async () => {
    const appId = await wire.newApp();
    await wire.write(appId, 'SMS', '46700000001', 'STOP');
    await wire.write(appId, 'SMS', '46700000002', 'STOP MARKETING');
    await wire.write(appId, 'SMS', '46700000003', 'STOP NOTIFICATION');
    for (const [listType, identity] of [
      ['OPT_OUT_ALL', '46700000001'],
      ['OPT_OUT_MARKETING', '46700000002'],
      ['OPT_OUT_NOTIFICATION', '46700000003'],
    ] as const) {
      expect((await list(appId, listType)).body).toEqual({ identities: [{ identity }], next_page_token: '' });
    }
  });

  it('come ten to a page unless told', async () => {
    const { body } = await list(crowded, 'OPT_OUT_ALL');
    expect(names(body)).toEqual(CROWD.slice(0, 10));
  });

  it.each(['50', '51', '1000', '99999999999999999999'])(
    'come at most fifty to a page: page_size=%s',
    async (size) => {
      const { body } = await list(crowded, 'OPT_OUT_ALL', `?page_size=${size}`);
      expect(names(body)).toEqual(CROWD.slice(0, 50));
      const rest = await list(
        crowded,
        'OPT_OUT_ALL',
        `?page_size=${size}&page_token=${body.next_page_token}`,
      );
      expect(names(rest.body)).toEqual(CROWD.slice(50));
    },
  );

  it.each(['0', '-1', 'ten', '1.5', ''])('refuse page_size=%s', async (size) => {
    expectError(
      await list(crowded, 'OPT_OUT_ALL', `?page_size=${size}`),
      400,
      'INVALID_ARGUMENT',
      'page_size',
    );
  });

  it('keep their order, each seen once, while others come and go', async () => {
    const appId = await wire.newApp();
    const people = Array.from({ length: 7 }, (_, at) => `4670040000${String(9 - at)}`);
    for (const identity of people) await wire.write(appId, 'SMS', identity, 'STOP');
    const first = (await list(appId, 'OPT_OUT_ALL', '?page_size=3')).body;
    // One who was seen and one who was not leave; one comes, and one repeats himself.
    await wire.write(appId, 'SMS', people[1] ?? '', 'START');
    await wire.write(appId, 'SMS', people[4] ?? '', 'START');
    await wire.write(appId, 'SMS', people[5] ?? '', 'STOP');
    await wire.write(appId, 'SMS', '46700400000', 'STOP');
    const second = (await list(appId, 'OPT_OUT_ALL', `?page_size=3&page_token=${first.next_page_token}`))
      .body;
    expect([...names(first), ...names(second)]).toEqual([...people.slice(0, 4), ...people.slice(5)]);
    const last = (await list(appId, 'OPT_OUT_ALL', `?page_size=3&page_token=${second.next_page_token}`)).body;
    expect(last).toEqual({ identities: [{ identity: '46700400000' }], next_page_token: '' });
  });

  it('end with an empty token, never with an empty page', async () => {
    const pages: Page[] = [];
    for (let token = ''; ;) {
      const { body } = await list(
        crowded,
        'OPT_OUT_ALL',
        `?page_size=20${token === '' ? '' : `&page_token=${token}`}`,
      );
      pages.push(body);
      token = body.next_page_token;
      if (token === '') break;
    }
    expect(pages.map(({ identities }) => identities.length)).toEqual([20, 20, 20]);
  });

  it('are an empty array where there are none', async () => {
    const appId = await wire.newApp();
    expect((await list(appId, 'OPT_OUT_MARKETING')).body).toEqual({ identities: [], next_page_token: '' });
  });

  it('come with tokens that need no escaping', async () => {
    for (let token = ''; ;) {
      const { body } = await list(
        crowded,
        'OPT_OUT_ALL',
        `?page_size=1${token === '' ? '' : `&page_token=${token}`}`,
      );
      token = body.next_page_token;
      if (token === '') return;
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    }
  });

  it('refuse a token that is bad, or of another list or app', async () => {
    const { next_page_token: token } = (await list(crowded, 'OPT_OUT_ALL')).body;
    const other = await wire.newApp();
    for (const [appId, listType, given] of [
      [crowded, 'OPT_OUT_ALL', 'abc'],
      [crowded, 'OPT_OUT_ALL', `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
      [crowded, 'OPT_OUT_MARKETING', token],
      [other, 'OPT_OUT_ALL', token],
    ] as const) {
      expectError(await list(appId, listType, `?page_token=${given}`), 400, 'INVALID_ARGUMENT', 'page_token');
    }
  });

  it('refuse an unknown list', async () => {
    expectError(await list(crowded, 'OPT_IN_ALL'), 400, 'INVALID_ARGUMENT', 'list_type');
  });

  it('answer 404 for an unknown app and 403 for a foreign project', async () => {
    expectError(await list('nobody', 'OPT_OUT_ALL'), 404, 'NOT_FOUND');
    const foreign = await instance.call('GET', `/v1/projects/other/apps/${crowded}/consents/OPT_OUT_ALL`);
    expectError(foreign, 403, 'PERMISSION_DENIED');
  });
});

describe('audit records of one identity', () => {
  it('have six fields each, beside an identity that is an object', async () => {
    const appId = await wire.newApp();
    await wire.write(appId, 'SMS', '46700000001', 'STOP');
    const answer = await audit(appId, '46700000001');
    expect(Object.keys(answer)).toEqual(['identity', 'audit_records']);
    expect(answer.identity).toEqual({ identity: '46700000001' });
    expect(answer.audit_records).toEqual([
      {
        origin: 'ORIGIN_MO',
        operation: 'OPERATION_INSERT',
        list_type: 'OPT_OUT_ALL',
        project_id: instance.projectId,
        app_id: appId,
        datetime: expect.stringMatching(WIRE_TIME) as string,
      },
    ]);
  });

  it('tell INSERT, UPDATE and DELETE apart, and MO from API, oldest first', async () => {
    const appId = await wire.newApp();
    const identity = '46700000002';
    for (const text of ['STOP', 'stop', 'STOP MARKETING', 'START', 'START']) {
      await wire.write(appId, 'SMS', identity, text);
    }
    await instance.call('POST', '/consents', {
      app_id: appId,
      consent_records: [{ identification: identity }],
    });
    const { audit_records: records } = await audit(appId, identity);
    expect(records.map(({ origin, operation, list_type: on }) => [origin, operation, on])).toEqual([
      ['ORIGIN_MO', 'OPERATION_INSERT', 'OPT_OUT_ALL'],
      ['ORIGIN_MO', 'OPERATION_UPDATE', 'OPT_OUT_ALL'],
      ['ORIGIN_MO', 'OPERATION_INSERT', 'OPT_OUT_MARKETING'],
      ['ORIGIN_MO', 'OPERATION_DELETE', 'OPT_OUT_ALL'],
      ['ORIGIN_API', 'OPERATION_INSERT', 'OPT_OUT_ALL'],
    ]);
    const times = records.map(({ datetime = '' }) => datetime);
    expect(times).toEqual(times.toSorted());
  });

  it('are none for an identity that was never seen, which is named nevertheless', async () => {
    expect(await audit(crowded, '46700000099')).toEqual({
      identity: { identity: '46700000099' },
      audit_records: [],
    });
  });

  it('come all at once, whatever the query says', async () => {
    const appId = await wire.newApp();
    for (let time = 0; time < 12; time++) await wire.write(appId, 'SMS', '46700000001', 'STOP');
    const { audit_records: records } = await audit(appId, '46700000001?page_size=2&colour=blue');
    expect(records).toHaveLength(12);
  });

  it.each(['', '+', '%2B'])('are found for a number written with %j before it', async (plus) => {
    const { identity, audit_records: records } = await audit(crowded, `${plus}${CROWD[0] ?? ''}`);
    expect(identity).toEqual({ identity: CROWD[0] });
    expect(records).toHaveLength(1);
  });

  it.each(['SMS', 'MMS', 'WHATSAPP', 'RCS', 'VIBERBM'])(
    'name a number of %s in digits only',
    async (channel) => {
      const appId = await wire.newApp();
      await wire.write(appId, channel, '+46 70-000 00 01', 'STOP');
      expect(names((await list(appId, 'OPT_OUT_ALL')).body)).toEqual(['46700000001']);
      expect((await audit(appId, '+46700000001')).audit_records).toHaveLength(1);
    },
  );

  it.each(['+user', 'a+b', 'Ü ber/%?#\\', 'a@b:c', '００４６'])(
    'name an identity of another channel byte for byte: %s',
    async (identity) => {
      const appId = await wire.newApp();
      await wire.write(appId, 'TELEGRAM', identity, 'STOP');
      expect(names((await list(appId, 'OPT_OUT_ALL')).body)).toEqual([identity]);
      const escaped = await audit(
        appId,
        encodeURIComponent(identity).replaceAll('%40', '@').replaceAll('%3A', ':'),
      );
      expect(escaped).toMatchObject({
        identity: { identity },
        audit_records: [{ operation: 'OPERATION_INSERT' }],
      });
    },
  );

  it('take a literal plus in the path for a plus', async () => {
    const appId = await wire.newApp();
    await wire.write(appId, 'TELEGRAM', 'a+b', 'STOP');
    expect((await audit(appId, 'a+b')).audit_records).toHaveLength(1);
    expect((await audit(appId, 'a%20b')).audit_records).toHaveLength(0);
  });

  it('are of a person in one app, over all channels and numbers written to', async () => {
    const [appId, other] = [await wire.newApp(), await wire.newApp()];
    await wire.write(appId, 'WHATSAPP', '46700000001', 'STOP');
    await wire.write(appId, 'SMS', '+46700000001', 'STOP');
    expect(names((await list(appId, 'OPT_OUT_ALL')).body)).toEqual(['46700000001']);
    const { audit_records: records } = await audit(appId, '46700000001');
    expect(records.map(({ operation }) => operation)).toEqual(['OPERATION_INSERT', 'OPERATION_UPDATE']);
    expect((await audit(other, '46700000001')).audit_records).toEqual([]);
  });

  it('answer 404 for an unknown app and 403 for a foreign project', async () => {
    expectError(await instance.call('GET', '/apps/nobody/consents/identities/1'), 404, 'NOT_FOUND');
    const foreign = await instance.call('GET', `/v1/projects/other/apps/${crowded}/consents/identities/1`);
    expectError(foreign, 403, 'PERMISSION_DENIED');
  });
});
