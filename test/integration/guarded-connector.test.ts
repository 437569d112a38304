import { once } from 'node:events';
import {
  createServer,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AddressBlocked,
  createGuardedConnector,
  type ConnectorOptions,
} from '../../http-client/guarded-connector.js';
import { createAddressGuard, type AddressVerdict } from '../../http-client/address-guard.js';

let server: Server;
let connections: number;
const byDefault = getDefaultAutoSelectFamily();

beforeEach(async () => {
  connections = 0;
  server = createServer(() => connections++).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  setDefaultAutoSelectFamily(byDefault);
  server.close();
});

function connect(options: Partial<ConnectorOptions>, hostname: string): Promise<Socket | Error> {
  const connector = createGuardedConnector({
    guard: createAddressGuard(['127.0.0.0/8']),
    lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    ...options,
  });
  const { port } = server.address() as AddressInfo;
  return new Promise((done) => {
    connector({ hostname, protocol: 'http:', port: String(port) }, (error, socket) => {
      socket?.destroy();
      done(error ?? socket);
    });
  });
}

/** A guard that says something else each time. */
const saying = (...verdicts: AddressVerdict[]) => ({
  hasList: true,
  judge: () => verdicts.shift() ?? ('blocked' as const),
});

describe('guarded connector', () => {
  it('checks literal addresses itself', async () => {
    expect(await connect({ guard: createAddressGuard([]) }, '127.0.0.1')).toBeInstanceOf(AddressBlocked);
    expect(await connect({}, '127.0.0.1')).not.toBeInstanceOf(Error);
    expect(connections).toBe(1);
  });

  it.each([true, false])('dials vetted addresses, with happy eyeballs: %s', async (automatic) => {
    setDefaultAutoSelectFamily(automatic);
    expect(await connect({}, 'a.example')).not.toBeInstanceOf(Error);
    expect(connections).toBe(1);
  });

  it('dials nothing when a name has no address', async () => {
    expect(await connect({ lookup: () => Promise.resolve([]) }, 'a.example')).toBeInstanceOf(AddressBlocked);
  });

  it('passes the look-up’s failure on', async () => {
    const failure = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    expect(await connect({ lookup: () => Promise.reject(failure) }, 'a.example')).toBe(failure);
  });

  it('looks at the address that it is connected to', async () => {
    expect(await connect({ guard: saying('listed', 'blocked') }, 'a.example')).toBeInstanceOf(AddressBlocked);
    expect(await connect({ guard: saying('listed', 'listed') }, 'a.example')).not.toBeInstanceOf(Error);
  });
});
