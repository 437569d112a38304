import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../../../../api/deps.js';
import { registerErrorHandler } from '../../../../api/server/error-handler.js';
import { ANSWER_UNDER_LOAD, registerOverload } from '../../../../api/server/overload.js';
import { registerMetrics } from '../../../../api/routes/operations/metrics.js';
import { createServer } from '../../../../api/server/server.js';
import { waitFor } from '../../../support/wait-for.js';

let app: Api;
let port: number;
let release: () => void;
let entered = 0;
let turnedAway = 0;

async function start(bounds: { inFlight: number; loopDelayMs: number }): Promise<void> {
  app = createServer({ logger: pino({ enabled: false }) });
  registerErrorHandler(app);
  await registerOverload(app, bounds);
  app.addHook('onError', async () => void (turnedAway += 1));
  const gate = new Promise<void>((resolve) => (release = resolve));
  app.get('/slow', async () => {
    entered += 1;
    await gate;
    return {};
  });
  registerMetrics(app, { metrics: new Registry() });
  app.get('/probe', { config: { ...ANSWER_UNDER_LOAD } }, () => ({}));
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
}
const get = async (path: string) => {
  const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`);
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body: await answer.json() };
};
const OVERLOADED = {
  status: 503,
  retryAfter: '2',
  body: { error: { code: 503, message: 'overloaded, come back', status: 'UNAVAILABLE', details: [] } },
};

beforeEach(() => {
  entered = 0;
  turnedAway = 0;
});
afterEach(async () => {
  release();
  await app.close();
});

describe('overload', () => {
  it('turns away above the bound, never below it, and still answers probes', async () => {
    await start({ inFlight: 3, loopDelayMs: 1_000 });
    const slow = [get('/slow'), get('/slow'), get('/slow')];
    await waitFor('three requests', () => entered === 3);
    expect(await get('/slow')).toEqual(OVERLOADED);
    expect((await get('/probe')).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${String(port)}/metrics`)).status).toBe(200);
    release();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await get('/slow')).status).toBe(200);
  });

  it('forgets requests whose client went away', async () => {
    await start({ inFlight: 2, loopDelayMs: 1_000 });
    const clients = [1, 2].map(() =>
      httpRequest({ port, path: '/slow' })
        .on('error', () => undefined)
        .end(),
    );
    await waitFor('two requests', () => entered === 2);
    expect((await get('/slow')).status).toBe(503);
    for (const client of clients) client.destroy();
    release();
    await waitFor('room again', async () => (await get('/slow')).status === 200);
  });

  it('turns away while the event loop is late', async () => {
    await start({ inFlight: 100, loopDelayMs: 30 });
    release();
    const busy = setInterval(() => {
      const until = performance.now() + 120;
      while (performance.now() < until);
    }, 1);
    try {
      await waitFor('a refusal', async () => (await get('/slow')).status === 503);
      expect((await get('/probe')).status).toBe(200);
    } finally {
      clearInterval(busy);
    }
  });

  it('lets what is under way end when it shuts down, and takes nothing new', async () => {
    await start({ inFlight: 100, loopDelayMs: 1_000 });
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const ended = new Promise((resolve) =>
      socket.on('data', (chunk) => chunks.push(chunk)).on('close', resolve),
    );
    socket.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n');
    await waitFor('one request', () => entered === 1);
    const closed = app.close();
    socket.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n');
    await waitFor('the second request', () => turnedAway === 1);
    release();
    await closed;
    await ended;
    const text = Buffer.concat(chunks).toString();
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 503']);
    expect(text).toContain('"message":"shutting down"');
    expect(entered).toBe(1);
  });
});
