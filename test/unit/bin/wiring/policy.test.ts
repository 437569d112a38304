import { describe, expect, it } from 'vitest';
import { POLICY } from '../../../../bin/wiring/policy.js';

// Tests start instances with shorter times: what the product itself keeps is held fast here, and by the unit tests of
// whoever keeps it.

describe('the policy of the product', () => {
  it('sweeps each half minute for what is two minutes overdue', () => {
    expect(POLICY.reactor.sweep).toEqual({ everyMs: 30_000, againMs: 5_000, overdueMs: 120_000 });
  });

  it('lets a lane look each second, and wait half a minute at most after failures', () => {
    expect(POLICY.reactor.lane).toMatchObject({
      lookMs: 1_000,
      firstBackOffMs: 250,
      unavailableBackOffMs: 5_000,
      faultBackOffMs: 30_000,
    });
  });

  it('ends a batch within the half minute that its activity is given', () => {
    const { begins, lastOnes } = POLICY.batch;
    expect([begins.quietMs, lastOnes.quietMs]).toEqual([1_000, 1_000]);
    expect(begins.longestMs + lastOnes.longestMs).toBe(15_000);
  });

  it('ends the try of one callback within the 50 s that its activity is given', () => {
    const { placeMs, recordingMs } = POLICY.callbacks;
    const longestRequestMs = 30_000;
    expect(placeMs + longestRequestMs + recordingMs).toBeLessThan(50_000);
  });

  it('keeps the order of one person’s callbacks for five minutes', () => {
    expect(POLICY.callbacks).toMatchObject({ longestHoldMs: 300_000, holdAgainMs: 1_000 });
  });

  it('looks after Temporal every two seconds, and tries each half minute at least', () => {
    const { connectMs, watchEveryMs, serverStopMs, server, worker } = POLICY.temporal;
    expect([connectMs, watchEveryMs, serverStopMs]).toEqual([10_000, 2_000, 5_000]);
    for (const { longestPauseMs } of [POLICY.keeper, server, worker]) expect(longestPauseMs).toBe(30_000);
    expect([POLICY.keeper, server, worker].map(({ firstPauseMs }) => firstPauseMs)).toEqual([
      2_000, 500, 1_000,
    ]);
  });

  it('has a leader that shows its life each second', () => {
    expect(POLICY.temporal.leader).toEqual({ beatMs: 1_000, askEveryMs: 5_000 });
  });

  it('gives hand-overs 7.5 s and callbacks 3 s on the way down', () => {
    expect(POLICY.shutdown).toEqual({
      ...{ intakeMs: 1_000, reactorMs: 1_000, workerMs: 7_500, callbacksMs: 3_000 },
      ...{ clientsMs: 1_000, temporalMs: 2_500, storeMs: 1_000 },
    });
  });
});
