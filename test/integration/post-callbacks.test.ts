import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConversationCallbackWebhooks } from '@sinch/sdk-core';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { POLICY } from '../../bin/wiring/policy.js';
import { createGuardedHttp, type GuardedHttp } from '../../http-client/guarded-http.js';
import { createCallbackPoster, type CallbackPoster } from '../../activities/callbacks/callback-poster.js';
import { createAddressGuard } from '../../http-client/address-guard.js';
import type { OwedCallback } from '../../domain/owed.js';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { startWebhookReceiverProcess, verifyStandard } from '../support/stand-ins/webhook-receiver.js';
import { waitFor } from '../support/wait-for.js';
import { callbackWorld, endpoint, rootKey, SECRET, type CallbackWorld } from '../worlds/callback-world.js';

let dir: string;
let ledger: SqliteLedger;
let world: CallbackWorld;
let http: GuardedHttp;
let poster: CallbackPoster;
let good: ServerProcess;
let dead: ServerProcess;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'callbacks-'));
  ledger = await openSqliteLedger({ file: join(dir, 'ledger.db'), lockFile: join(dir, 'ledger.lock') });
  world = await callbackWorld(() => ledger);
  http = createGuardedHttp({ guard: createAddressGuard(['127.0.0.0/8']), nowMs: () => performance.now() });
  const open = (sealed: string, context: string): string => rootKey.open(sealed, context);
  poster = createCallbackPoster({
    ...{ ledger, clock: world.clock, http, open, newNonce: randomUUID },
    ...{ times: POLICY.callbacks, batch: POLICY.batch },
  });
  [good, dead] = await Promise.all([startWebhookReceiverProcess(), startWebhookReceiverProcess()]);
  await world.configure({
    endpoints: [
      endpoint('ep1', { target: `${good.url}/hook` }),
      endpoint('ep2', { target: `${dead.url}/hook` }),
    ],
  });
});
afterEach(async () => {
  await http.close();
  await Promise.all([good.stop(), dead.stop()]);
  await ledger.close();
  rmSync(dir, { recursive: true });
});

async function stops(count: number, endpointId: string): Promise<OwedCallback[]> {
  const phone = (i: number): string => `46${endpointId === 'ep1' ? '70' : '72'}${String(i).padStart(7, '0')}`;
  const owed = await Promise.all(
    Array.from({ length: count }, (_, i) => world.inbound('STOP', phone(i), endpointId)),
  );
  return owed.flatMap(([, optOut]) => (optOut === undefined ? [] : [optOut]));
}
const count = (results: readonly { state: string }[], state: string): number =>
  results.filter((result) => result.state === state).length;

describe('callbacks over HTTP, the receivers in their own processes', () => {
  it('arrive once each, every one signed both ways', async () => {
    const items = await stops(200, 'ep1');
    // On a busy machine not all begin within a batch's second; the workflow then goes on with the rest.
    for (let rest = items; rest.length > 0;) {
      const results = await poster.postCallbacks(rest);
      expect(count(results, 'delivered') + count(results, 'running') + count(results, 'late')).toBe(
        rest.length,
      );
      rest = rest.filter((_, n) => results[n]?.state === 'late');
    }
    await waitFor('all 200', async () => (await good.count()) === 200);
    const received = await good.requests();
    expect(new Set(received.map(({ headers }) => headers['optledger-delivery-id'])).size).toBe(200);
    expect(received).toHaveLength(200);
    const webhooks = new ConversationCallbackWebhooks(SECRET);
    for (const request of received) {
      expect(webhooks.validateAuthenticationHeader(request.headers, request.body)).toBe(true);
      expect(verifyStandard(SECRET, request)).toMatchObject({
        opt_out_notification: { status: 'OPT_OUT_SUCCEEDED' },
      });
    }
  });

  it('wait while the receiver is down and come with the same bytes and ids', async () => {
    const items = await stops(20, 'ep1');
    await good.script({ status: 500 });
    await poster.postCallbacks(items.slice(0, 10));
    await good.down();
    const failed = await poster.postCallbacks(items);
    expect(count(failed, 'waiting')).toBe(20);
    await good.up();
    await good.script({});
    world.clock.ms += 3_600_000;
    const results = await Promise.all(items.map((item) => poster.postCallback(item)));
    expect(count(results, 'delivered')).toBe(20);
    const bytes = new Map<string, string>();
    for (const { headers, body } of await good.requests()) {
      const id = headers['webhook-id'] ?? '';
      expect(bytes.get(id) ?? body).toBe(body);
      bytes.set(id, body);
    }
    expect(bytes.size).toBe(20);
  });

  it('are not held up by a dead endpoint, whose own are recorded or repeated later', async () => {
    await dead.script({ delayMs: 60_000 });
    const items = [...(await stops(40, 'ep2')), ...(await stops(40, 'ep1'))];
    const began = performance.now();
    const results = await poster.postCallbacks(items);
    // Two seconds of patience; the request would take fifteen.
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(count(results.slice(40), 'delivered')).toBe(40);
    expect(count(results, 'running')).toBe(32);
    expect(count(results, 'late')).toBe(8);
    const last = Math.max(...(await good.requests()).map(({ arrivedAt }) => arrivedAt));
    const first = Math.min(...(await dead.requests()).map(({ arrivedAt }) => arrivedAt));
    expect(last - first).toBeLessThan(900);

    const stopping = performance.now();
    await poster.abort(100);
    expect(performance.now() - stopping).toBeLessThan(1_500);
    for (const { callbackId } of items.slice(0, 40)) expect(await world.events(callbackId)).toEqual([]);
  });

  it('that time out make their endpoint be left alone', async () => {
    await world.configure({
      endpoints: [endpoint('ep2', { target: dead.url, delivery: { profile: 'durable', timeoutS: 1 } })],
    });
    await dead.script({ delayMs: 60_000 });
    const [first, second] = await stops(2, 'ep2');
    if (first === undefined || second === undefined) throw new Error('nothing owed');
    expect(await poster.postCallback(first)).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(await world.events(first.callbackId)).toMatchObject([
      { data: { fault: 'timeout', class: 'transient' } },
    ]);
    expect(await poster.postCallbacks([second])).toMatchObject([{ state: 'skipped' }]);
  });
});
