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
    expect(waitAfterBatch(POLICY.reactor.lane, running)).toBe(ms);
  });
});
