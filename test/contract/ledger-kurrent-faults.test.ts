import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendClearly } from '../../ledger/append-clearly.js';
import { AppendUnclear, InvalidEvent, LedgerUnavailable } from '../../ledger/errors.js';
import { openKurrentLedger, type KurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import { START } from '../../ledger/ledger.js';
import { startFakeKurrent, type AppendFault, type FakeKurrent } from '../support/kurrent/fake-server.js';
import { faultNextAppend } from '../support/kurrent/next-append.js';
import { newEvent, newStream, readWhole } from './ledger-support.js';

// What a server does on a bad day, and that nothing is lost, doubled or waited for for ever.

const clock = { now: () => Date.now() };
const timing = { deadlineMs: 250, graceMs: 150, readMs: 400 };
const CLIENTS_LIMIT_MS = 3_000;

let server: FakeKurrent;
let ledger: KurrentLedger;
const open = (): Promise<KurrentLedger> =>
  openKurrentLedger({ url: server.url, clock, newId: randomUUID, timing });

beforeEach(async () => {
  server = await startFakeKurrent();
  ledger = await open();
});
afterEach(async () => {
  server.thaw();
  await ledger.close();
  await server.stop();
});

/** Applies to the next append only. */
const once = (fault: AppendFault): void => {
  faultNextAppend(server.faults, fault);
};

describe('an append that is not answered', () => {
  it('is unclear in bounded time', async () => {
    once({ write: true, answer: 'never' });
    const began = performance.now();
    await expect(ledger.append(newStream(), [newEvent()], 'none')).rejects.toBeInstanceOf(AppendUnclear);
    expect(performance.now() - began).toBeLessThan(CLIENTS_LIMIT_MS);
  });

  it.each([
    ['written', true, 'never'],
    ['not written', false, 'never'],
    ['written, and answered too late', true, { afterMs: 1_000 }],
  ] as const)('stands once after it was repeated: %s', async (_, write, answer) => {
    const stream = newStream();
    const event = newEvent();
    once({ write, answer });
    const appended = await appendClearly({ ledger, clock }, stream, [event], 'none');
    expect(appended).toMatchObject({ revision: 0, duplicate: write });
    expect((await readWhole(ledger, stream)).map((one) => one.event.id)).toEqual([event.id]);
  });

  it.each([true, false])('stands once at a later revision: written %s', async (write) => {
    const stream = newStream();
    await ledger.append(stream, [newEvent()], 'none');
    const event = newEvent();
    once({ write, answer: 'never' });
    const appended = await appendClearly({ ledger, clock }, stream, [event], 0);
    expect(appended).toMatchObject({ revision: 1, duplicate: write });
    expect(await readWhole(ledger, stream)).toHaveLength(2);
  });

  it.each([
    status.CANCELLED,
    status.UNKNOWN,
    status.DEADLINE_EXCEEDED,
    status.RESOURCE_EXHAUSTED,
    status.ABORTED,
    status.INTERNAL,
    status.UNAVAILABLE,
  ])('is unclear with gRPC status %i', async (code) => {
    const stream = newStream();
    once({ write: true, answer: { code } });
    await expect(ledger.append(stream, [newEvent()], 'none')).rejects.toBeInstanceOf(AppendUnclear);
    expect(await readWhole(ledger, stream)).toHaveLength(1);
  });

  it.each([status.PERMISSION_DENIED, status.UNAUTHENTICATED])(
    'is refused for good with gRPC status %i',
    async (code) => {
      once({ write: false, answer: { code } });
      await expect(ledger.append(newStream(), [newEvent()], 'none')).rejects.toBeInstanceOf(
        LedgerUnavailable,
      );
    },
  );
});

describe('a server that', () => {
  it('stands still is given up on, and used again when it goes on', async () => {
    const [stream, event] = [newStream(), newEvent()];
    server.freeze();
    await expect(ledger.append(stream, [event], 'none')).rejects.toBeInstanceOf(AppendUnclear);
    await expect(readWhole(ledger, stream)).rejects.toBeInstanceOf(LedgerUnavailable);
    server.thaw();
    await appendClearly({ ledger, clock }, stream, [event], 'none');
    expect(await readWhole(ledger, stream)).toHaveLength(1);
  });

  it('refuses connections makes appends unclear and reads unavailable, until it is back', async () => {
    const [stream, event] = [newStream(), newEvent()];
    await ledger.append(newStream(), [newEvent()], 'none');
    await server.stop();
    await expect(ledger.append(stream, [event], 'none')).rejects.toBeInstanceOf(AppendUnclear);
    await expect(readWhole(ledger, stream)).rejects.toBeInstanceOf(LedgerUnavailable);
    await server.start();
    await appendClearly({ ledger, clock }, stream, [event], 'none');
    expect(await readWhole(ledger, stream)).toHaveLength(1);
  });

  it.each([true, false])('restarts in the middle of an append, which was written: %s', async (write) => {
    const [stream, event] = [newStream(), newEvent()];
    once({ write, answer: 'never' });
    const appended = appendClearly({ ledger, clock }, stream, [event], 'none');
    await server.stop();
    await server.start();
    await appended;
    expect(await readWhole(ledger, stream)).toHaveLength(1);
  });

  it('is not ready yet is asked again', async () => {
    const [stream, event] = [newStream(), newEvent()];
    server.faults.notReady = true;
    await expect(ledger.append(stream, [event], 'none')).rejects.toBeInstanceOf(AppendUnclear);
    await expect(readWhole(ledger, stream)).rejects.toBeInstanceOf(LedgerUnavailable);
    server.faults.notReady = false;
    await appendClearly({ ledger, clock }, stream, [event], 'none');
    expect(await readWhole(ledger, stream)).toHaveLength(1);
  });

  it('breaks off one read is asked once more', async () => {
    const stream = newStream();
    await ledger.append(stream, [newEvent()], 'none');
    let cuts = 0;
    server.faults.read = () => (cuts++ === 0 ? 'cut' : undefined);
    expect(await readWhole(ledger, stream)).toHaveLength(1);
    expect(cuts).toBeGreaterThan(1);
  });

  it('never answers one read is asked no second time in vain', async () => {
    server.faults.read = () => 'never answered';
    const began = performance.now();
    await expect(readWhole(ledger, newStream())).rejects.toBeInstanceOf(LedgerUnavailable);
    expect(performance.now() - began).toBeLessThan(CLIENTS_LIMIT_MS);
    server.faults.read = undefined;
    expect(await readWhole(ledger, newStream())).toEqual([]);
  });
});

describe('a fact that another process wrote', () => {
  // Each first, because what one of them reads the next one knows; at 2 the server alone would write it again.
  it.each([[0, 2, 'none'] as const, [2, 'none', 0] as const, ['none', 0, 2] as const])(
    'is a duplicate at whatever revision it comes again: %s, then %s, then %s',
    async (...revisions) => {
      const [stream, event] = [newStream(), newEvent()];
      const other = await open();
      await ledger.append(stream, [newEvent()], 'none');
      await other.append(stream, [event], 0);
      await other.append(stream, [newEvent()], 1);
      for (const expected of revisions) {
        expect(await ledger.append(stream, [event], expected)).toMatchObject({
          revision: 1,
          duplicate: true,
        });
      }
      expect(await readWhole(ledger, stream)).toHaveLength(3);
      await other.close();
    },
  );

  it('written at the same place at the same time is one fact', async () => {
    const [stream, event] = [newStream(), newEvent()];
    const other = await open();
    const answers = await Promise.all([
      ledger.append(stream, [event], 'none'),
      other.append(stream, [event], 'none'),
    ]);
    expect(answers.map(({ duplicate }) => duplicate).sort()).toEqual([false, true]);
    expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
    await other.close();
  });
});

describe('what is not ours', () => {
  it('is passed over: events of the server and of others, deleted streams', async () => {
    const encoder = new TextEncoder();
    const foreign = {
      id: randomUUID(),
      type: 'x',
      contentType: 'application/json',
      data: encoder.encode('{}'),
    };
    server.log.append('$stats-1', [{ ...foreign, metadata: new Uint8Array() }], 'any');
    server.log.append('orders-1', [{ ...foreign, id: randomUUID(), metadata: new Uint8Array() }], 'any');
    const gone = newStream();
    await ledger.append(gone, [newEvent()], 'none');
    server.log.tombstone(gone);
    const event = newEvent();
    await ledger.append(newStream(), [event], 'none');
    const all = await ledger.readAll({ after: START, limit: 1_000 });
    expect(all.map((one) => one.event.id)).toContain(event.id);
    expect(all.every(({ stream }) => stream.startsWith('project-'))).toBe(true);
    await expect(ledger.append(gone, [newEvent()], 'none')).rejects.toBeInstanceOf(LedgerUnavailable);
    await expect(readWhole(ledger, gone)).rejects.toBeInstanceOf(LedgerUnavailable);
  });

  it.each(['{"data": {', '"text"', '{}', '{"data": {"projectId": 1}}'])(
    'is told apart from what is ours and damaged: %s',
    async (body) => {
      const stream = newStream();
      const data = new TextEncoder().encode(body);
      const metadata = new TextEncoder().encode('{"version": 1, "meta": {}}');
      const event = { id: randomUUID(), type: 'project-created', contentType: 'application/json' };
      server.log.append(stream, [{ ...event, data, metadata }], 'any');
      await expect(readWhole(ledger, stream)).rejects.toBeInstanceOf(InvalidEvent);
    },
  );
});
