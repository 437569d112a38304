import { RequestFailedError, type SinchClient } from '@sinch/sdk-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import {
  isTokenRequest,
  startRecordingProxy,
  type RecordingProxy,
} from '../support/stand-ins/recording-proxy.js';
import { sinchClient } from '../support/http/sdk.js';
import { inbound } from '../support/story.js';

const MARKETING = ['46700000011', '46700000012', '46700000013', '46700000014', '46700000015'] as const;
const [FIRST] = MARKETING;
const REGRETFUL = '46700000020';

let instance: Instance;
let proxy: RecordingProxy;
let client: SinchClient;

beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  proxy = await startRecordingProxy(instance.url);
  client = sinchClient(instance, proxy.url);
  for (const identity of MARKETING) await inbound(instance, identity, 'stop marketing');
  await inbound(instance, REGRETFUL, 'STOP');
  await inbound(instance, REGRETFUL, 'STOP');
  await inbound(instance, REGRETFUL, 'START');
});

afterAll(async () => {
  await proxy.close();
  await instance.stop();
});

const identities = (
  list: 'OPT_OUT_ALL' | 'OPT_OUT_MARKETING',
  page?: { page_size?: number; page_token?: string },
) => client.conversation.consents.listIdentities({ app_id: instance.appId, list_type: list, ...page });
const audit = (identity: string) =>
  client.conversation.consents.listAuditRecords({ app_id: instance.appId, identity });
const fault = async (call: Promise<unknown>): Promise<RequestFailedError<unknown>> => {
  const error: unknown = await call.then(
    () => new Error('it did not fail'),
    (cause: unknown) => cause,
  );
  if (error instanceof RequestFailedError) return error;
  throw error;
};

describe('consents by the SDK', () => {
  it('iterates all pages with page_size 2, each identity once and in order', async () => {
    const seen: string[] = [];
    const before = proxy.exchanges.length;
    for await (const { identity } of identities('OPT_OUT_MARKETING', { page_size: 2 })) seen.push(identity);
    expect(seen).toEqual(MARKETING);
    const paths = proxy.exchanges.slice(before).filter((one) => !isTokenRequest(one));
    expect(paths.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(paths[0]?.path).toBe(
      `/v1/projects/${instance.projectId}/apps/${instance.appId}/consents/OPT_OUT_MARKETING?page_size=2`,
    );
    // The client puts the token into the query as it is.
    for (const { path } of paths.slice(1)) expect(path).toMatch(/page_size=2&page_token=[A-Za-z0-9_-]+$/);
  });

  it('walks page by page', async () => {
    const first = await identities('OPT_OUT_MARKETING', { page_size: 3 });
    expect(first.data.map(({ identity }) => identity)).toEqual(MARKETING.slice(0, 3));
    expect(first.hasNextPage).toBe(true);
    const second = await first.nextPage();
    expect(second.data.map(({ identity }) => identity)).toEqual(MARKETING.slice(3));
    expect(second.hasNextPage).toBe(false);
  });

  it('takes a page token back that it gave out', async () => {
    const first = await identities('OPT_OUT_MARKETING', { page_size: 4 });
    const token = JSON.parse(first.nextPageValue) as string;
    const rest = await identities('OPT_OUT_MARKETING', { page_size: 50, page_token: token });
    expect(rest.data).toEqual([{ identity: MARKETING[4] }]);
  });

  it('finds a list that is empty again', async () => {
    const page = await identities('OPT_OUT_ALL');
    expect(page.data).toEqual([]);
    expect(page.hasNextPage).toBe(false);
  });

  it.each([FIRST, `+${FIRST}`])('reads the audit records of %s', async (identity) => {
    const { identity: named, audit_records: records } = await audit(identity);
    expect(named).toEqual({ identity: FIRST });
    expect(records).toEqual([
      {
        origin: 'ORIGIN_MO',
        operation: 'OPERATION_INSERT',
        list_type: 'OPT_OUT_MARKETING',
        project_id: instance.projectId,
        app_id: instance.appId,
        datetime: expect.any(Date) as Date,
      },
    ]);
    // The client leaves a plus as it is.
    expect(proxy.exchanges.at(-1)?.path.endsWith(`/consents/identities/${identity}`)).toBe(true);
  });

  it('reads insert, update and delete of one identity, oldest first', async () => {
    const { audit_records: records = [] } = await audit(`+${REGRETFUL}`);
    expect(records.map(({ operation, list_type: list }) => [operation, list])).toEqual([
      ['OPERATION_INSERT', 'OPT_OUT_ALL'],
      ['OPERATION_UPDATE', 'OPT_OUT_ALL'],
      ['OPERATION_DELETE', 'OPT_OUT_ALL'],
    ]);
    const times = records.map(({ datetime }) => datetime.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('reads nothing about an identity that was never seen', async () => {
    expect(await audit('+46700000099')).toEqual({ identity: { identity: '46700000099' }, audit_records: [] });
  });

  it('shows an opt-out of the Batch API with its origin', async () => {
    const added = await instance.call('POST', '/consents', {
      app_id: instance.appId,
      consent_records: [{ identification: '+46700000030', consent_type: 'OPT_OUT_NOTIFICATION' }],
    });
    expect(added.status).toBe(200);
    const { audit_records: records } = await audit('46700000030');
    expect(records).toMatchObject([{ origin: 'ORIGIN_API', operation: 'OPERATION_INSERT' }]);
  });

  it('gets errors that it can read', async () => {
    const unknown = await fault(
      client.conversation.consents.listIdentities({ app_id: 'nothing', list_type: 'OPT_OUT_ALL' }),
    );
    expect(unknown.statusCode).toBe(404);
    expect(JSON.parse(unknown.data ?? '')).toEqual({
      error: { code: 404, message: 'app not found', status: 'NOT_FOUND', details: [] },
    });
    const foreign = sinchClient({ ...instance, projectId: 'elsewhere' }, proxy.url);
    expect(
      (await fault(foreign.conversation.consents.listAuditRecords({ app_id: 'a', identity: FIRST })))
        .statusCode,
    ).toBe(403);
    expect((await fault(identities('OPT_OUT_ALL', { page_token: 'AAAA' }))).statusCode).toBe(400);
  });

  it('fetched one token for all of its calls', () => {
    const [first] = proxy.exchanges.filter(isTokenRequest);
    expect(first).toMatchObject({ method: 'POST', body: 'grant_type=client_credentials', status: 200 });
    const ownTokens = proxy.exchanges.filter(isTokenRequest);
    // One for the client of all tests above, one for that of the foreign project.
    expect(ownTokens).toHaveLength(2);
  });
});
