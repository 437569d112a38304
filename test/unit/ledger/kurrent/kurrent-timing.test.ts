import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppendUnclear } from '../../../../ledger/errors.js';
import { APPEND_TIMING, timed } from '../../../../ledger/kurrent/kurrent-timing.js';

describe('a write that is timed', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is unclear when the client never settles', async () => {
    const outcome = timed(new Promise(() => undefined), APPEND_TIMING).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(APPEND_TIMING.deadlineMs + APPEND_TIMING.graceMs);
    expect(await outcome).toBeInstanceOf(AppendUnclear);
  });

  it('answers as the client does, and leaves no timer', async () => {
    expect(await timed(Promise.resolve(7), APPEND_TIMING)).toBe(7);
    await expect(timed(Promise.reject(new Error('no')), APPEND_TIMING)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });
});
