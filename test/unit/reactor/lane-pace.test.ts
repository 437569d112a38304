import { describe, expect, it } from 'vitest';
import { POLICY } from '../../../bin/wiring/policy.js';
import { waitAfterBatch } from '../../../reactor/lane-pace.js';

describe('the wait from one batch to the next', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 250],
    [4, 250],
    [5, 500],
    [7, 1_000],
    [11, 2_000],
    [500, 2_000],
  ])('while %i run is %i ms', (running, ms) => {
    expect(waitAfterBatch(POLICY.reactor.lane, running, false)).toBe(ms);
  });

  it('stays short after a full one, which waiting makes no larger', () => {
    expect(waitAfterBatch(POLICY.reactor.lane, 1, true)).toBe(0);
    expect(waitAfterBatch(POLICY.reactor.lane, 40, true)).toBe(250);
  });
});
