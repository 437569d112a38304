import { beforeEach, describe, expect, it } from 'vitest';
import { createLagTime, type LagTime } from '../../../../bin/metrics/lag-time.js';

let now: number;
let lag: LagTime;

beforeEach(() => {
  now = 1_000_000;
  lag = createLagTime({ now: () => now });
});

/** Asked after so many seconds more. */
function after(seconds: number, head: bigint, position: bigint): number {
  now += seconds * 1_000;
  return lag(head, position);
}

describe('for how long a follower is behind', () => {
  it('is nothing for one that keeps up, however long nothing happened before', () => {
    expect([after(0, 10n, 10n), after(3_600, 10n, 10n), after(0, 11n, 10n), after(1, 11n, 11n)]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it('grows while it stands still', () => {
    expect([after(0, 20n, 10n), after(15, 30n, 10n), after(15, 40n, 10n)]).toEqual([0, 15, 30]);
  });

  it('stays what it is for one that moves as far behind as ever', () => {
    const seen = [0n, 10n, 20n, 30n, 40n].map((moved) => after(15, 20n + moved, moved));
    expect(seen).toEqual([0, 15, 15, 15, 15]);
  });

  it('is told of the oldest place that was not reached yet', () => {
    after(0, 20n, 10n);
    after(15, 30n, 10n);
    after(15, 40n, 10n);
    expect(after(15, 50n, 20n)).toBe(30);
    expect(after(15, 60n, 35n)).toBe(30);
    expect(after(0, 60n, 60n)).toBe(0);
  });

  it('keeps a bounded memory, and forgets no beginning', () => {
    for (let n = 0n; n < 5_000n; n += 1n) after(15, 20n + n, 10n);
    expect(after(0, 6_000n, 10n)).toBe(15 * 4_999);
  });

  it('is never negative when the clock is set back', () => {
    after(0, 20n, 10n);
    expect(after(-60, 20n, 10n)).toBe(0);
  });
});
