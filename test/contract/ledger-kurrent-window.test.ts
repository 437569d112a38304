import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openKurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import { waitFor } from '../support/wait-for.js';

const BYTES = 1024 * 1024;
/** What HTTP/2 begins with, before anything was said. */
const BEGINNING = 65_535;

it('lets the server have a megabyte under way, on the connection and in each call', async () => {
  // A server that only listens: what it may send is said as soon as the connection stands.
  const sessions: Http2Session[] = [];
  const server = createServer().on('session', (session) => sessions.push(session));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `esdb://127.0.0.1:${port}?tls=false`;
  const clock = { now: () => Date.now() };
  const opened = openKurrentLedger({ url, clock, newId: randomUUID }).catch(() => undefined);
  const allowed = await waitFor('what the server may send', () => {
    const { remoteSettings, state } = sessions[0] ?? {};
    if (state?.remoteWindowSize === undefined || state.remoteWindowSize <= BEGINNING) return undefined;
    return [remoteSettings?.initialWindowSize, state.remoteWindowSize];
  });
  expect(allowed).toEqual([BYTES, BYTES]);
  for (const session of sessions) session.destroy();
  server.close();
  await (await opened)?.close();
});
