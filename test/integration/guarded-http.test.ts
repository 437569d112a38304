import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  createGuardedHttp,
  type GuardedHttp,
  type GuardedHttpOptions,
} from '../../http-client/guarded-http.js';
import { createAddressGuard } from '../../http-client/address-guard.js';
import type { ScriptedServer, ServerOptions, Step } from '../support/stand-ins/scripted-server.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

const tlsDir = join(import.meta.dirname, '../support/tls');
const tls = {
  key: readFileSync(join(tlsDir, 'receiver.key'), 'utf8'),
  cert: readFileSync(join(tlsDir, 'receiver.crt'), 'utf8'),
};
const LOOPBACK = ['127.0.0.0/8'];
const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

function sender(allow: readonly string[] = LOOPBACK, options: Partial<GuardedHttpOptions> = {}): GuardedHttp {
  const http = createGuardedHttp({
    guard: createAddressGuard(allow),
    nowMs: () => performance.now(),
    ...options,
  });
  closing.push(http);
  return http;
}

async function receiver(options?: ServerOptions, ...steps: readonly Step[]): Promise<ScriptedServer> {
  const server = await startWebhookReceiver(options);
  if (steps.length > 0) server.script(...steps);
  closing.push(server);
  return server;
}

const post = (http: GuardedHttp, url: string, timeoutMs = 5_000) =>
  http.post({ url, headers: { 'content-type': 'application/json', 'x-a': 'b' }, body: '{"ä":1}', timeoutMs });

describe('guarded http', () => {
  it('posts the exact bytes and tells what came back', async () => {
    const server = await receiver({}, { status: 202, body: 'tack ✓', headers: { 'retry-after': '7' } });
    const answer = await post(sender(), `${server.url}/hook?a=b%20c`);
    expect(answer).toMatchObject({
      status: 202,
      fault: null,
      retryAfter: '7',
      excerpt: 'tack ✓',
      truncated: false,
      sent: true,
      peer: '127.0.0.1',
    });
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/hook?a=b%20c',
        body: '{"ä":1}',
        headers: { 'x-a': 'b', 'content-length': '8' },
      },
    ]);
  });

  it('uses connections again', async () => {
    const server = await receiver();
    const http = sender();
    for (let i = 0; i < 10; i++) await post(http, server.url);
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBeLessThanOrEqual(2);
  });

  it('follows no redirect', async () => {
    const inner = await receiver();
    const server = await receiver({}, { status: 307, headers: { location: inner.url } });
    expect(await post(sender(), server.url)).toMatchObject({ status: 307, fault: null });
    expect(inner.requests).toEqual([]);
  });

  it('goes around proxies of the environment', async () => {
    const proxy = await receiver();
    const before = { ...process.env };
    Object.assign(process.env, {
      HTTP_PROXY: proxy.url,
      http_proxy: proxy.url,
      ALL_PROXY: proxy.url,
      NODE_USE_ENV_PROXY: '1',
    });
    onTestFinished(() => {
      process.env = before;
    });
    const server = await receiver();
    expect(await post(sender(), server.url)).toMatchObject({ status: 200 });
    expect(proxy.requests).toEqual([]);
  });

  it('passes 1xx over', async () => {
    const server = createServer((socket: Socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n'),
      );
    }).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.close();
    });
    await once(server, 'listening');
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    expect(await post(sender(), url)).toMatchObject({ status: 201 });
  });
});

describe('guarded http: what goes wrong', () => {
  it.each<[string, Step, object]>([
    ['slow header', { delayMs: 2_000 }, { status: null, fault: 'timeout', sent: true }],
    [
      'slow body of a success',
      { body: 'abc', bodyDelayMs: 2_000 },
      { status: 200, fault: null, excerpt: '' },
    ],
    [
      'slow body of a failure',
      { status: 500, body: 'abc', bodyDelayMs: 2_000 },
      { status: 500, fault: null },
    ],
    ['reset', { reset: 'instead' }, { status: null, fault: 'reset', sent: true }],
    ['reset after a header of success', { body: 9_999, reset: 'after-header' }, { status: 200, fault: null }],
  ])('%s', async (_, step, expected) => {
    const server = await receiver({}, step);
    const answer = await post(sender(), server.url, 300);
    expect(answer).toMatchObject(expected);
    expect(answer.durationMs).toBeLessThan(1_500);
  });

  it('reads 64 KiB, keeps 16 and says so', async () => {
    const server = await receiver({}, { body: 16 * 1024 }, { body: 16 * 1024 + 1 }, { body: 10_000_000 });
    const http = sender();
    const [fits, cut, huge] = [
      await post(http, server.url),
      await post(http, server.url),
      await post(http, server.url),
    ];
    expect(fits).toMatchObject({ status: 200, truncated: false, excerpt: 'x'.repeat(16 * 1024) });
    expect(cut).toMatchObject({ status: 200, truncated: true });
    expect(huge).toMatchObject({ status: 200, truncated: true });
    if (huge.fault !== null) throw new Error('no answer');
    expect(Buffer.byteLength(huge.excerpt)).toBe(16 * 1024);
    expect(huge.excerpt.endsWith('x…[cut]')).toBe(true);
  });

  it('tells refused, unknown names and foreign protocols apart', async () => {
    const server = await receiver();
    await server.down();
    const notFound = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const silent = () => Promise.reject(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }));
    expect(await post(sender(), server.url)).toMatchObject({ fault: 'refused', sent: false, peer: null });
    expect(await post(sender(LOOPBACK, { lookup: notFound }), 'https://a.example')).toMatchObject({
      fault: 'dns',
      sent: false,
    });
    expect(await post(sender(LOOPBACK, { lookup: silent }), 'https://a.example')).toMatchObject({
      fault: 'dns-unavailable',
    });
    const odd = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9\r\n')).listen(0, '127.0.0.1');
    onTestFinished(() => {
      odd.close();
    });
    await once(odd, 'listening');
    const url = `http://127.0.0.1:${String((odd.address() as AddressInfo).port)}`;
    expect(await post(sender(), url)).toMatchObject({ fault: 'protocol', sent: true });
  });

  it('never sends what timed out before it had a connection', async () => {
    let connect: (addresses: { address: string; family: number }[]) => void = () => undefined;
    const lookup = () =>
      new Promise<{ address: string; family: number }[]>((found) => {
        connect = found;
      });
    const server = await receiver();
    const answer = await post(sender(LOOPBACK, { lookup }), `http://a.example:${String(server.port)}`, 50);
    expect(answer).toMatchObject({ fault: 'timeout', sent: false });
    connect([{ address: '127.0.0.1', family: 4 }]);
    await post(sender(), server.url);
    expect(server.requests).toHaveLength(1);
  });

  it('ends what is under way when it is told to', async () => {
    const server = await receiver({}, { delayMs: 5_000 });
    const http = sender();
    const answer = post(http, server.url);
    while (server.requests.length === 0) await new Promise(setImmediate);
    http.abort();
    expect(await answer).toMatchObject({ fault: 'aborted', sent: true });
  });

  it('takes a header that HTTP cannot carry for a fault, and throws nothing', async () => {
    const server = await receiver();
    const answer = await sender().post({
      url: server.url,
      headers: { authorization: 'a\nb' },
      body: '',
      timeoutMs: 500,
    });
    expect(answer).toMatchObject({ status: null, fault: 'other', sent: false });
  });
});

describe('guarded http: addresses', () => {
  it.each([
    'http://127.0.0.1',
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://0.0.0.0',
    'https://169.254.169.254',
    'https://10.0.0.1',
    'https://a:b@example.com',
    'https://example.com:22',
    'http://example.com',
    'ftp://example.com',
    'nonsense',
  ])('blocks %s without a look-up', async (url) => {
    let asked = 0;
    const lookup = () => {
      asked++;
      return Promise.resolve([{ address: '8.8.8.8', family: 4 }]);
    };
    expect(await post(sender([], { lookup }), url)).toMatchObject({ fault: 'blocked', sent: false });
    expect(asked).toBe(0);
  });

  it('blocks a name when any of its addresses is blocked', async () => {
    const lookup = () =>
      Promise.resolve([
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]);
    expect(await post(sender([], { lookup }), 'https://a.example')).toMatchObject({
      fault: 'blocked',
      sent: false,
    });
  });

  it('lets plain http go only to listed addresses, names included', async () => {
    const server = await receiver();
    const url = `http://a.example:${String(server.port)}`;
    const at = (address: string) => () => Promise.resolve([{ address, family: 4 }]);
    expect(await post(sender(LOOPBACK, { lookup: at('8.8.8.8') }), url)).toMatchObject({ fault: 'blocked' });
    expect(await post(sender(LOOPBACK, { lookup: at('127.0.0.1') }), url)).toMatchObject({ status: 200 });
    expect(server.requests).toMatchObject([{ headers: { host: `a.example:${String(server.port)}` } }]);
  });

  it('connects to the vetted address with the name in SNI and Host, however the name changes', async () => {
    const server = await receiver({ tls });
    const answers = ['127.0.0.1', '10.0.0.1'];
    const lookup = () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]);
    const http = sender(LOOPBACK, { lookup, ca: tls.cert });
    const url = `https://receiver.test:${String(server.port)}/`;
    expect(await post(http, url)).toMatchObject({ status: 200, peer: '127.0.0.1' });
    expect(answers).toEqual(['10.0.0.1']);
    expect(server.requests).toMatchObject([{ headers: { host: `receiver.test:${String(server.port)}` } }]);
  });

  it('trusts nobody without a certificate for the name', async () => {
    const server = await receiver({ tls });
    const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const at = (name: string): string => `https://${name}:${String(server.port)}/`;
    const untrusting = sender(LOOPBACK, { lookup });
    expect(await post(untrusting, at('receiver.test'))).toMatchObject({ fault: 'tls', sent: false });
    const trusting = sender(LOOPBACK, { lookup, ca: tls.cert });
    expect(await post(trusting, at('other.test'))).toMatchObject({ fault: 'tls', sent: false });
    expect(await post(trusting, at('127.0.0.1'))).toMatchObject({ fault: 'tls', sent: false });
    expect(server.requests).toEqual([]);
  });
});
