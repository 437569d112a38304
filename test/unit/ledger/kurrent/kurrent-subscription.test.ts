import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { followKurrent } from '../../../../ledger/kurrent/kurrent-subscription.js';
import type { KurrentTail } from '../../../../ledger/kurrent/kurrent-tail.js';
import { CAUGHT_UP, START } from '../../../../ledger/ledger.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const silent: KurrentTail = {
  next: () => undefined,
  waiting: () => false,
  crossed: () => START,
  live: () => false,
  changed: () => Promise.resolve(),
  fault: () => undefined,
  close: () => undefined,
};

/** Follows a tail that never brings an event, until the signal aborts. */
async function follow(tail: Partial<KurrentTail>, signal: AbortSignal): Promise<void> {
  const deps = {
    openTail: () => ({ ...silent, ...tail }),
    reads: { newest: () => Promise.resolve([]) },
    decode: () => undefined,
    onBroken: () => undefined,
  };
  for await (const item of followKurrent(deps, { after: START, signal })) expect(item).toBe(CAUGHT_UP);
}

describe('following a server', () => {
  it('keeps nothing of a wait that is over', async () => {
    const waits = 100_000;
    const stop = new AbortController();
    let [count, before, after] = [0, 0, 0];
    const changed = (): Promise<void> => {
      count += 1;
      // The first waits may make what stays.
      if (count === 1_000) before = heapBytes();
      if (count === waits) after = heapBytes();
      if (count === waits) stop.abort();
      return Promise.resolve();
    };
    await follow({ changed }, stop.signal);
    expect((after - before) / waits).toBeLessThan(10);
  });

  it('ends a wait by closing the tail', async () => {
    const stop = new AbortController();
    let end: () => void = () => undefined;
    let closed = 0;
    const changed = (): Promise<void> =>
      new Promise((resolve) => {
        end = resolve;
        setImmediate(() => {
          stop.abort();
        });
      });
    const close = (): void => {
      closed += 1;
      end();
    };
    await follow({ changed, close }, stop.signal);
    expect(closed).toBeGreaterThan(0);
  });
});
