import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../bin/machine/free-ports.js';
import { waitFor } from '../support/wait-for.js';

/** Where HAProxy is not installed (Debian: `apt-get install haproxy`), the rules of the unit test have to do. */
const installed = spawnSync('haproxy', ['-v']).status === 0;

interface Seen {
  readonly name: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}
interface Answer {
  readonly status: number;
  readonly body: string;
}

describe.skipIf(!installed)('deploy/haproxy.cfg in HAProxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  const seen: Seen[] = [];
  const apis = new Map<string, Server>();
  const ports = new Map<string, number>();
  let proxy: ChildProcess;
  let port = 0;

  /** Stands for an API process: ready, says who it is, and dies on a request that asks it to. */
  async function startApi(name: string): Promise<void> {
    const server = createServer((req, res) => {
      const { url = '' } = req;
      if (url !== '/health/ready') seen.push({ name, url, headers: req.headers });
      if (url.endsWith('/die')) req.socket.destroy();
      else req.resume().on('end', () => res.end(name));
    });
    server.listen(ports.get(name), '127.0.0.1');
    await once(server, 'listening');
    apis.set(name, server);
  }

  async function stopApi(name: string): Promise<void> {
    const server = apis.get(name);
    server?.closeAllConnections();
    await new Promise((done) => server?.close(done));
  }

  const call = async (path: string, method = 'GET', body = ''): Promise<Answer> => {
    const headers = {
      host: 'consent.example.com',
      'x-twilio-signature': 'sig',
      'content-length': body.length,
    };
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
    sent.end(body);
    const [res] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks = await res.toArray();
    return { status: res.statusCode ?? 0, body: Buffer.concat(chunks as Buffer[]).toString() };
  };

  /** Says how long a body is and waits for the answer before it sends any of it. */
  const announce = async (path: string, length: number): Promise<number | undefined> => {
    const headers = { 'content-length': length };
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent: false });
    sent.flushHeaders();
    const [res] = (await once(sent, 'response')) as [IncomingMessage];
    sent.on('error', () => undefined).destroy();
    return res.statusCode;
  };

  beforeAll(async () => {
    const [own = 0, one = 0, two = 0] = await freePorts(3, '127.0.0.1');
    port = own;
    ports.set('api-1', one).set('api-2', two);
    await Promise.all([startApi('api-1'), startApi('api-2')]);
    const file = join(folder, 'haproxy.cfg');
    const config = readFileSync('deploy/haproxy.cfg', 'utf8')
      .replace('bind :8080', `bind 127.0.0.1:${String(own)}`)
      .replace('api-1:8080', `127.0.0.1:${String(one)}`)
      .replace('api-2:8080', `127.0.0.1:${String(two)}`);
    writeFileSync(file, config);
    expect(spawnSync('haproxy', ['-c', '-f', file]).status).toBe(0);
    proxy = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
    await waitFor(
      'the proxy',
      async () => (await call('/proxy/live').catch(() => undefined))?.status === 200,
    );
  });

  afterAll(async () => {
    proxy.kill();
    await Promise.all([stopApi('api-1'), stopApi('api-2')]);
    rmSync(folder, { recursive: true });
  });

  it('keeps each project with one process, whatever its path and spelling, and uses both', async () => {
    const homes = new Set<string>();
    for (let n = 0; n < 12; n += 1) {
      const answers = await Promise.all([
        call(`/v1/projects/p${String(n)}/apps`),
        call(`/v1/projects/p${String(n)}/messages:send`, 'POST', '{}'),
        call(`/v1/projects/%70${String(n)}/apps?page_size=1`),
      ]);
      const names = new Set(answers.map(({ body }) => body));
      expect(names.size).toBe(1);
      names.forEach((name) => homes.add(name));
    }
    expect(homes.size).toBe(2);
  });

  it('passes path, query, Host and signature as they came', async () => {
    await call('/v1/projects/demo/apps/a/inbound/twilio?x=%2B46%2f1');
    const last = seen.at(-1);
    expect(last?.url).toBe('/v1/projects/demo/apps/a/inbound/twilio?x=%2B46%2f1');
    expect(last?.headers).toMatchObject({ host: 'consent.example.com', 'x-twilio-signature': 'sig' });
  });

  it('never repeats a request that may have arrived', async () => {
    const before = seen.length;
    expect(await call('/v1/projects/demo/die', 'POST', '{}')).toMatchObject({ status: 502 });
    expect(await call('/v1/projects/demo/die')).toMatchObject({ status: 502 });
    expect(seen.length - before).toBe(2);
  });

  it('refuses a body over the limit before the API reads it', async () => {
    const before = seen.length;
    expect(await announce('/v1/projects/demo/x', 1_048_577)).toBe(413);
    expect(seen.length).toBe(before);
    expect((await call('/v1/projects/demo/x', 'POST', 'x'.repeat(1_048_576))).status).toBe(200);
  });

  it('passes to another process at once when no connection can be made, and answers 503 when none is left', async () => {
    const home = (await call('/v1/projects/demo/x')).body;
    const other = home === 'api-1' ? 'api-2' : 'api-1';
    await stopApi(home);
    expect(await call('/v1/projects/demo/x', 'POST', '{}')).toEqual({ status: 200, body: other });
    await stopApi(other);
    const none = await call('/v1/projects/demo/x', 'POST', '{}');
    expect(none.status).toBe(503);
    expect(JSON.parse(none.body)).toMatchObject({ error: { status: 'UNAVAILABLE' } });
    await Promise.all([startApi(home), startApi(other)]);
    await waitFor(
      'the project to be home again',
      async () => (await call('/v1/projects/demo/x')).body === home,
    );
  });
});
