import { describe, expect, it } from 'vitest';
import { POLICY } from '../../../../bin/wiring/policy.js';
import type { Clock } from '../../../../domain/clock.js';
import { createEndpointLimits, type EndpointGate } from '../../../../activities/callbacks/endpoint-limits.js';

const limitsBy = (clock: Clock) => createEndpointLimits({ clock, times: POLICY.callbacks });
function gateAndClock(): { gate: EndpointGate; clock: { ms: number; now: () => number } } {
  const clock = { ms: 1_000_000, now: () => clock.ms };
  return { gate: limitsBy(clock).of('ep'), clock };
}
const never = (): boolean => false;

/** How many places there are now; gives them back. */
function places(gate: EndpointGate, nowMs: number): number {
  let taken = 0;
  while (gate.tryTake()) taken++;
  for (let i = 0; i < taken; i++) gate.end(null, nowMs);
  return taken;
}

describe('endpoint limits', () => {
  it('is one gate per endpoint', () => {
    const limits = limitsBy({ now: () => 0 });
    expect(limits.of('a')).toBe(limits.of('a'));
    expect(limits.of('a')).not.toBe(limits.of('b'));
  });

  it('halves with each 429 and gives a tenth back every 10 s', () => {
    const { gate, clock } = gateAndClock();
    expect(places(gate, clock.ms)).toBe(32);
    const seen: number[] = [];
    for (let i = 0; i < 6; i++) {
      gate.tryTake();
      gate.end('throttled', clock.ms);
      seen.push(places(gate, clock.ms));
    }
    expect(seen).toEqual([16, 8, 4, 2, 1, 1]);
    const back: number[] = [];
    for (let i = 0; i < 12; i++) {
      clock.ms += 10_000;
      back.push(places(gate, clock.ms));
    }
    expect(back).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15]);
    clock.ms += 1_000_000;
    expect(places(gate, clock.ms)).toBe(32);
  });

  it('takes 429s of requests that were under way together for one', () => {
    const { gate, clock } = gateAndClock();
    const startedMs = clock.ms;
    for (let i = 0; i < 10; i++) gate.tryTake();
    clock.ms += 100;
    for (let i = 0; i < 10; i++) gate.end('throttled', startedMs);
    expect(places(gate, clock.ms)).toBe(16);
  });

  it('admits in order, as many as the limit is by then, and passes over who has withdrawn', async () => {
    const { gate, clock } = gateAndClock();
    while (gate.tryTake());
    const granted: string[] = [];
    const wait = (name: string, withdrawn = never) =>
      gate.take(withdrawn).then((ok) => granted.push(ok ? name : `no ${name}`));
    const waits = [wait('a'), wait('b', () => true), wait('c')];
    gate.end('answered', clock.ms);
    gate.end('answered', clock.ms);
    await Promise.all(waits);
    expect(granted).toEqual(['a', 'no b', 'c']);
    expect(gate.tryTake()).toBe(false);
  });

  it('remembers a time-out for 60 s, or until an answer', () => {
    const { gate, clock } = gateAndClock();
    const end = (how: 'timed-out' | 'answered' | null): void => {
      gate.tryTake();
      gate.end(how, clock.ms);
    };
    expect(gate.timedOut()).toBe(false);
    end('timed-out');
    clock.ms += 59_999;
    expect(gate.timedOut()).toBe(true);
    end(null);
    expect(gate.timedOut()).toBe(true);
    clock.ms += 1;
    expect(gate.timedOut()).toBe(false);
    end('timed-out');
    end('answered');
    expect(gate.timedOut()).toBe(false);
  });

  it('forgets endpoints that nothing is special about, when there are many', () => {
    const clock = { now: () => 1_000_000 };
    const limits = limitsBy(clock);
    const special = limits.of('special');
    special.tryTake();
    const plain = limits.of('plain');
    for (let i = 0; i < 10_000; i++) limits.of(`ep-${String(i)}`);
    expect(limits.of('special')).toBe(special);
    expect(limits.of('plain')).not.toBe(plain);
  });
});
