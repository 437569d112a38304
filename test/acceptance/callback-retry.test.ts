import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WireCallbackDetail } from '../../api/wire/webhooks/callbacks.js';
import { startInstance, type Answer, type Instance } from '../support/instance/instance.js';
import { inbound, registerWebhook } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import {
  startWebhookReceiver,
  verifyStandard,
  type Received,
} from '../support/stand-ins/webhook-receiver.js';
import { wireOf } from '../support/http/wire.js';

const PERSON = '46700900077';
const SECRET = 'a secret of the receiver';
type Retried = WireCallbackDetail & { readonly retry_attempt: number | null };

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
/** What the receiver answers, by path; each test has an app and a path of its own. */
const answers = new Map<string, { readonly status: number; readonly delayMs?: number }>();
let appId: string;
let path: string;
let webhookId: string;

beforeAll(async () => {
  receiver = await startWebhookReceiver({ answer: (request) => answers.get(request.path) });
  instance = await startInstance({ temporal: 'shared' });
});
beforeEach(async () => {
  appId = await wireOf(instance).newApp();
  path = `/${appId}`;
  const more = { app_id: appId, triggers: ['MESSAGE_INBOUND'], secret: SECRET };
  webhookId = await registerWebhook(instance, `${receiver.url}${path}`, more);
});
afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

const requests = (): Received[] => receiver.requests.filter((request) => request.path === path);
const read = async (id: string): Promise<WireCallbackDetail> =>
  (await instance.call<WireCallbackDetail>('GET', `/callbacks/${id}`)).body;
const retry = (id: string): Promise<Answer<Retried>> => instance.call('POST', `/callbacks/${id}:retry`);
/** A callback that was tried once, without success. */
async function failed(status: number): Promise<string> {
  answers.set(path, { status });
  await inbound(instance, `+${PERSON}`, 'hej', { appId });
  return waitFor('the first outcome', async () => {
    const query = `/callbacks?app_id=${appId}`;
    const { body } = await instance.call<{ callbacks: { id: string; attempts: number }[] }>('GET', query);
    const [callback] = body.callbacks;
    return callback !== undefined && callback.attempts > 0 ? callback.id : undefined;
  });
}

describe('POST callbacks/{id}:retry', () => {
  it('delivers one that waits now, under the same id and with the same bytes', async () => {
    const id = await failed(503);
    expect(await read(id)).toMatchObject({ state: 'waiting', attempts: 1 });
    answers.set(path, { status: 200 });
    const began = performance.now();
    const { status, body } = await retry(id);
    console.log(`retried in ${(performance.now() - began).toFixed(0)} ms`);
    expect([status, body.state, body.attempts, body.retry_attempt]).toEqual([200, 'delivered', 2, 2]);
    expect(body.attempt_log.map(({ status: code }) => code)).toEqual([503, 200]);
    const [first, second] = requests();
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['optledger-attempt']).toBe('2');
    for (const request of requests()) verifyStandard(SECRET, request);

    const again = await retry(id);
    expect(again.status).toBe(400);
    expect(JSON.stringify(again.body)).toContain('was delivered');
  });

  it('answers with the failure when it fails again, and the schedule goes on', async () => {
    const id = await failed(503);
    const { status, body } = await retry(id);
    expect([status, body.retry_attempt]).toEqual([200, 2]);
    expect(body).toMatchObject({ state: 'waiting', attempts: 2, last_status: 503, park_reason: null });
    expect(Date.parse(body.next_attempt_at ?? '')).toBeGreaterThan(Date.now());
    expect((await read(id)).state).toBe('waiting');
  });

  it('delivers one that was parked, as often as it takes', async () => {
    const id = await failed(400);
    expect(await read(id)).toMatchObject({ state: 'parked', park_reason: 'refused' });
    const refused = await retry(id);
    expect([refused.status, refused.body.state, refused.body.retry_attempt]).toEqual([200, 'parked', 2]);
    answers.set(path, { status: 200 });
    const { status, body } = await retry(id);
    expect([status, body.state, body.retry_attempt]).toEqual([200, 'delivered', 3]);
    expect(requests()).toHaveLength(3);
  });

  it('makes no request while the endpoint is disabled, and delivers once it is enabled again', async () => {
    const id = await failed(410);
    const { body: parked } = await retry(id);
    expect(parked).toMatchObject({ state: 'parked', park_reason: 'endpoint-disabled', retry_attempt: null });
    expect(requests()).toHaveLength(1);
    // A new target enables it.
    path = `${path}/new`;
    await instance.call('PATCH', `/webhooks/${webhookId}`, { target: `${receiver.url}${path}` });
    expect((await retry(id)).body).toMatchObject({ state: 'delivered', retry_attempt: 2 });
    expect(requests()).toHaveLength(1);
  });

  it('is one attempt when several ask at once', async () => {
    const id = await failed(503);
    answers.set(path, { status: 200, delayMs: 500 });
    const all = await Promise.all([retry(id), retry(id), retry(id)]);
    expect(all.map(({ status, body }) => [status, body.state, body.retry_attempt])).toEqual(
      all.map(() => [200, 'delivered', 2]),
    );
    expect(requests()).toHaveLength(2);
  });

  it('answers 202 with the attempt that is under way when the receiver is slow', async () => {
    await instance.call('PATCH', `/webhooks/${webhookId}/delivery-settings`, { timeout_s: 30 });
    const id = await failed(503);
    answers.set(path, { status: 200, delayMs: 22_000 });
    const { status, body } = await retry(id);
    expect([status, body.state, body.attempts, body.retry_attempt]).toEqual([202, 'waiting', 1, 2]);
    await waitFor('it is delivered', async () => (await read(id)).state === 'delivered' || undefined, 10_000);
    expect(requests()).toHaveLength(2);
  });

  it('knows nothing of other ids', async () => {
    expect((await retry('0197f0c4-0000-7000-8000-000000000000')).status).toBe(404);
  });
});
