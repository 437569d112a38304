import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { resolve } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { diagnose } from '../../ledger/kurrent/kurrent-diagnosis.js';
import { openKurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import { readKurrentUrl } from '../../ledger/kurrent/kurrent-url.js';
import { LedgerUnavailable } from '../../ledger/errors.js';
import { fakeClock } from '../unit/ledger/fakes.js';

const tls = resolve(import.meta.dirname, '../support/tls');
const pem = (name: string): Buffer => readFileSync(resolve(tls, name));
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

const speaksTls = (): Promise<number> =>
  listening(createTlsServer({ key: pem('receiver.key'), cert: pem('receiver.crt'), ALPNProtocols: ['h2'] }));
/** As a server of HTTP/2 without TLS answers a TLS greeting: it hangs up. */
const speaksPlain = (): Promise<number> =>
  listening(
    createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
  );

async function nobody(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  servers.pop();
  await new Promise((closed) => server.close(closed));
  return port;
}

const open = (url: string): Promise<unknown> =>
  openKurrentLedger({
    ...{
      url,
      clock: fakeClock('2026-01-01T00:00:00.000Z'),
      newId: () => '00000000-0000-4000-8000-000000000000',
    },
    timing: { deadlineMs: 500, graceMs: 100, readMs: 1_500 },
  });

describe('a ledger server that does not take us', () => {
  it.each([
    ['nobody listens', nobody, 'tls=false', 'nobody listens'],
    ['nobody listens, with TLS', nobody, 'tls=true', 'nobody listens'],
    ['it speaks TLS', speaksTls, 'tls=false', 'speaks TLS: take tls=false out'],
    ['it speaks no TLS', speaksPlain, 'tls=true', 'speaks no TLS: set tls=false'],
    ['its authority is not known', speaksTls, 'tls=true', 'tlsCAFile'],
  ])('%s: the error says so and what to set', async (_, serve, query, words) => {
    const url = `esdb://ann:s3cret@127.0.0.1:${String(await serve())}?${query}`;
    const fault = await open(url).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(LedgerUnavailable);
    expect((fault as Error).message).toContain(words);
    expect((fault as Error).message).not.toMatch(/ann|s3cret|127\.0\.0\.1/u);
  });

  it.each([
    [{ code: status.UNAUTHENTICATED, type: 'access-denied' }, 'no such user with this password'],
    [{ code: status.PERMISSION_DENIED, type: 'access-denied' }, 'may not read $all'],
  ])('%j', async (error, words) => {
    const url = readKurrentUrl('esdb://ann:s3cret@127.0.0.1:2113');
    expect(await diagnose(url, error)).toContain(words);
  });

  it('that answers as it should is no cause', async () => {
    const port = await listening(
      createServer((socket) => socket.once('data', () => socket.write('\0\0\0\x04'))),
    );
    const url = readKurrentUrl(
      `kurrentdb+discover://127.0.0.1:${String(port)},127.0.0.1:${String(await nobody())}?tls=false`,
    );
    expect(await diagnose(url, { code: status.UNAVAILABLE, type: 'unavailable' })).toBeUndefined();
    connect(port, '127.0.0.1').destroy();
  });
});
