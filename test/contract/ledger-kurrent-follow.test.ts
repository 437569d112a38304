import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidEvent } from '../../ledger/errors.js';
import { openKurrentLedger, type KurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import { CAUGHT_UP, START } from '../../ledger/ledger.js';
import { startFakeKurrent, type FakeKurrent } from '../support/kurrent/fake-server.js';
import { faultNextAppend } from '../support/kurrent/next-append.js';
import { waitFor } from '../support/wait-for.js';
import { collect, idsOf, newEvent, newEvents, newStream } from './ledger-support.js';

// A subscription over a server that breaks: every event once, in order.

const clock = { now: () => Date.now() };
let server: FakeKurrent;
let ledger: KurrentLedger;
let broken: number;

beforeEach(async () => {
  broken = 0;
  server = await startFakeKurrent();
  ledger = await openKurrentLedger({
    url: server.url,
    clock,
    newId: randomUUID,
    timing: { deadlineMs: 400, graceMs: 100, readMs: 500 },
    onBroken: () => {
      broken += 1;
    },
  });
});
afterEach(async () => {
  server.thaw();
  await ledger.close();
  await server.stop();
});

/** Appends `count` events one by one, each again and again until it is acknowledged. @returns their ids */
async function write(count: number): Promise<string[]> {
  const events = newEvents(count);
  for (const event of events) {
    const stream = newStream();
    await waitFor('an acknowledgement', () =>
      ledger.append(stream, [event], 'none').then(
        () => true,
        () => undefined,
      ),
    );
  }
  return events.map(({ id }) => id);
}

function follow(count: number) {
  let events = 0;
  return collect(ledger, START, (seen) => {
    if (seen.at(-1) !== 'caught up') events += 1;
    return events >= count;
  });
}

describe('a subscription', () => {
  it('goes on after each cut, from what was handled', async () => {
    const following = follow(60);
    const ids: string[] = [];
    for (let cut = 0; cut < 6; cut += 1) {
      ids.push(...(await write(10)));
      server.cutSubscriptions();
    }
    expect(idsOf(await following)).toEqual(ids);
    expect(broken).toBeGreaterThan(0);
  });

  it('goes on after restarts of the server', async () => {
    const following = follow(30);
    const ids: string[] = [];
    for (let restart = 0; restart < 3; restart += 1) {
      ids.push(...(await write(5)));
      await server.stop();
      await server.start();
      ids.push(...(await write(5)));
    }
    expect(idsOf(await following)).toEqual(ids);
  });

  it('is made anew when the server stands still', async () => {
    const ids = await write(3);
    server.freeze();
    const following = follow(3);
    await waitFor('a broken subscription', () => broken > 0 || undefined, 10_000);
    server.thaw();
    expect(idsOf(await following)).toEqual(ids);
  });

  it('is made anew when the server does not confirm it', async () => {
    const ids = await write(3);
    server.faults.subscribe = () => true;
    const following = follow(3);
    await waitFor('a broken subscription', () => broken > 0 || undefined, 10_000);
    server.faults.subscribe = undefined;
    expect(idsOf(await following)).toEqual(ids);
  });

  it.each([0, 5, 400, 1_500])(
    'says that it has caught up where the server does not, with %i foreign events behind',
    async (foreign) => {
      server.faults.saysCaughtUp = false;
      const ids = await write(3);
      for (let n = 0; n < foreign; n += 1) addForeign(`$stats-${String(n % 3)}`);
      const seen = await collect(ledger, START, (items) => items.at(-1) === 'caught up');
      expect(idsOf(seen)).toEqual(ids);
    },
  );

  it('may see an event before its writer has the answer', async () => {
    server.faults.append = () => ({ write: true, answer: { afterMs: 300 } });
    const following = follow(1);
    let answered = false;
    const stream = newStream();
    const event = newEvent();
    const appended = ledger.append(stream, [event], 'none').then(() => {
      answered = true;
    });
    expect(idsOf(await following)).toEqual([event.id]);
    expect(answered).toBe(false);
    await appended;
  });

  it('keeps the head where it is when the answer of an earlier append comes last', async () => {
    faultNextAppend(server.faults, { write: true, answer: { afterMs: 300 } });
    const following = follow(2);
    const first = ledger.append(newStream(), [newEvent()], 'none');
    await waitFor('its event', () => ledger.headPosition() > START || undefined);
    const second = await ledger.append(newStream(), [newEvent()], 'none');
    await following;
    expect((await first).position).toBeLessThan(second.position);
    expect(ledger.headPosition()).toBe(second.position);
  });

  it('passes over a stream that was deleted for good, and over foreign ones', async () => {
    const stream = newStream();
    await ledger.append(stream, [newEvent()], 'none');
    server.log.tombstone(stream);
    addForeign('orders-1');
    const [id] = await write(1);
    const seen = await collect(ledger, START, (items) => idsOf(items).includes(id ?? ''));
    expect(idsOf(seen)).toHaveLength(2);
  });

  it('stops at an event of ours that is damaged', async () => {
    const [id] = await write(1);
    addForeign('project-damaged', '{"data": ');
    const seen: string[] = [];
    const reading = (async () => {
      for await (const item of ledger.subscribe({ after: START, signal: AbortSignal.timeout(5_000) })) {
        if (item !== CAUGHT_UP) seen.push(item.event.id);
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(InvalidEvent);
    expect(seen).toEqual([id]);
  });

  it('ends when the ledger is closed', async () => {
    const iterator = ledger
      .subscribe({ after: START, signal: new AbortController().signal })
      [Symbol.asyncIterator]();
    expect((await iterator.next()).value).toBe(CAUGHT_UP);
    const waiting = iterator.next();
    await ledger.close();
    expect((await waiting).done).toBe(true);
  });
});

function addForeign(stream: string, body = '{}'): void {
  const data = new TextEncoder().encode(body);
  const event = { id: randomUUID(), type: 'project-created', contentType: 'application/json', data };
  server.log.append(stream, [{ ...event, metadata: new TextEncoder().encode('{}') }], 'any');
}
