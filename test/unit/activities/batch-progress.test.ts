import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress, type Progress } from '../../../activities/batch-progress.js';

const PATIENCE = { quietMs: 1_000, longestMs: 10_000 };
const never = new Promise(() => undefined);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Begins a wait. @returns how many ms it took, once it is over */
function timed(wait: () => Promise<void>): { ms: number | null } {
  const began = Date.now();
  const taken: { ms: number | null } = { ms: null };
  void wait().then(() => {
    taken.ms = Date.now() - began;
  });
  return taken;
}

async function steps(progress: Progress, count: number, everyMs: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await vi.advanceTimersByTimeAsync(everyMs);
    progress.step();
  }
}

describe('waiting for a batch', () => {
  it('ends with its last item, and leaves no timer behind', async () => {
    await createProgress().wait(Promise.resolve(), PATIENCE);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends when nothing ended for a while', async () => {
    const taken = timed(() => createProgress().wait(never, PATIENCE));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(taken.ms).toBe(1_000);
  });

  it('goes on while items end, however slowly', async () => {
    const progress = createProgress();
    const taken = timed(() => progress.wait(never, PATIENCE));
    await steps(progress, 5, 900);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(taken.ms).toBe(5 * 900 + 1_000);
  });

  it('ends after its longest time, however well it goes', async () => {
    const progress = createProgress();
    const taken = timed(() => progress.wait(never, PATIENCE));
    await steps(progress, 40, 500);
    expect(taken.ms).toBe(10_000);
  });

  it('ends at once when the signal aborts, or had aborted', async () => {
    const abort = new AbortController();
    const first = timed(() => createProgress().wait(never, PATIENCE, abort.signal));
    await vi.advanceTimersByTimeAsync(300);
    abort.abort();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(first.ms).toBe(300);
    const second = timed(() => createProgress().wait(never, PATIENCE, abort.signal));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(second.ms).toBe(0);
  });
});
