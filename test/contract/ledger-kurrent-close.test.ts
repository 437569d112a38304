import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LedgerUnavailable } from '../../ledger/errors.js';
import { openKurrentLedger, type KurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import { CAUGHT_UP, START } from '../../ledger/ledger.js';
import { startFakeKurrent, type FakeKurrent } from '../support/kurrent/fake-server.js';
import { waitFor } from '../support/wait-for.js';
import { newEvent, newStream, readWhole } from './ledger-support.js';

// Closing ends in time, whatever the server does and whatever is under way.

const clock = { now: () => Date.now() };
const READ_MS = 300;
/** What is promised. */
const LIMIT_MS = 5_000;
/** Longer than any test, so that what is timed is the end of every call and not the patience with it. */
const timing = { deadlineMs: 1_000, graceMs: 500, readMs: 5_000, closeMs: 60_000 };

let server: FakeKurrent;
let silent: { server: Server; sockets: Socket[] } | undefined;

beforeEach(async () => {
  server = await startFakeKurrent();
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.thaw();
  await server.stop();
  for (const socket of silent?.sockets ?? []) socket.destroy();
  silent?.server.close();
  silent = undefined;
});

const open = (changed: Partial<typeof timing> = {}): Promise<KurrentLedger> =>
  openKurrentLedger({ url: server.url, clock, newId: randomUUID, timing: { ...timing, ...changed } });

/** In the place of the server: takes connections and says nothing. */
async function beSilent(): Promise<void> {
  await server.stop();
  const sockets: Socket[] = [];
  const listener = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  silent = { server: listener, sockets };
  await once(listener.listen(Number(new URL(server.url).port), '127.0.0.1'), 'listening');
}

async function closingMs(ledger: KurrentLedger): Promise<number> {
  const began = performance.now();
  await ledger.close();
  return performance.now() - began;
}

/** This process is busy for so long that timers are overdue while answers wait in its sockets. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const servers: Readonly<Record<string, () => unknown>> = {
  answers: () => undefined,
  'stands still': () => {
    server.freeze();
  },
  'is gone': () => server.stop(),
  'was away for a moment': async () => {
    await server.stop();
    await server.start();
  },
  'takes connections and says nothing': beSilent,
};

describe.each(Object.entries(servers))('a ledger whose server %s', (_, trouble) => {
  it('closes promptly with a subscription, a read and an append under way', async () => {
    const ledger = await open();
    const iterator = ledger
      .subscribe({ after: START, signal: new AbortController().signal })
      [Symbol.asyncIterator]();
    expect((await iterator.next()).value).toBe(CAUGHT_UP);
    const next = iterator.next();
    await trouble();
    const calls = [
      ledger.append(newStream(), [newEvent()], 'none'),
      readWhole(ledger, newStream()),
      ledger.cursors.load('reactor'),
    ];
    const settled = Promise.allSettled(calls);
    expect(await closingMs(ledger)).toBeLessThan(LIMIT_MS);
    expect((await next).done).toBe(true);
    await settled;
  });
});

describe('a ledger that is closed', () => {
  it('does not take a read that it broke off for an empty stream', async () => {
    const ledger = await open();
    const stream = newStream();
    await ledger.append(stream, [newEvent()], 'none');
    let asked = 0;
    server.faults.read = () => {
      asked += 1;
      return 'never answered';
    };
    const reads = [readWhole(ledger, stream), ledger.readAll({ after: START, limit: 10 })];
    const settled = Promise.allSettled(reads);
    await waitFor('both at the server', () => asked === 2 || undefined);
    expect(await closingMs(ledger)).toBeLessThan(LIMIT_MS);
    for (const read of await settled) {
      expect(read.status === 'rejected' && read.reason).toBeInstanceOf(LedgerUnavailable);
    }
  });

  it('waits for no read whose answer came when it had just been given up', async () => {
    const ledger = await open({ readMs: READ_MS });
    const stream = newStream();
    await ledger.append(stream, [newEvent()], 'none');
    let stalled = false;
    server.faults.read = () => {
      // Once the answer is on its way.
      if (!stalled) setImmediate(stall, READ_MS + 50);
      stalled = true;
      return undefined;
    };
    await expect(readWhole(ledger, stream)).rejects.toBeInstanceOf(LedgerUnavailable);
    expect(stalled).toBe(true);
    expect(await closingMs(ledger)).toBeLessThan(LIMIT_MS);
  });

  it('waits for no subscription that the server ended before all of it was taken', async () => {
    const ledger = await open();
    const iterator = ledger
      .subscribe({ after: START, signal: new AbortController().signal })
      [Symbol.asyncIterator]();
    expect((await iterator.next()).value).toBe(CAUGHT_UP);
    for (let n = 0; n < 40; n += 1) await ledger.append(newStream(), [newEvent()], 'none');
    await iterator.next();
    server.endSubscriptions();
    await readWhole(ledger, newStream());
    expect(await closingMs(ledger)).toBeLessThan(LIMIT_MS);
  });

  it('waits for its client no longer than it may, whatever that waits for', async () => {
    const connect = EventStoreDBClient.connectionString.bind(EventStoreDBClient);
    vi.spyOn(EventStoreDBClient, 'connectionString').mockImplementation((url) => {
      const client = connect(url);
      client.dispose = () => new Promise(() => undefined);
      return client;
    });
    // With the patience that it has where nothing else is said.
    const ledger = await openKurrentLedger({ url: server.url, clock, newId: randomUUID });
    expect(await closingMs(ledger)).toBeLessThan(LIMIT_MS);
  });
});

describe('a ledger that cannot be opened', () => {
  it('says so in time where the server takes connections and says nothing', async () => {
    await beSilent();
    await expect(open({ readMs: READ_MS })).rejects.toBeInstanceOf(LedgerUnavailable);
  });
});
