import { AppendUnclear } from '../errors.js';

/** Says how long a write may take. */
export interface AppendTiming {
  /** The deadline that the client is told, which it keeps on most paths. */
  readonly deadlineMs: number;
  /** So much later a timer of our own ends the wait. */
  readonly graceMs: number;
}

export const APPEND_TIMING: AppendTiming = { deadlineMs: 3_000, graceMs: 1_000 };

/**
 * Settles in time, whatever the client does. A late answer of a call that was given up is nobody's any more.
 * @throws AppendUnclear when time is up
 */
export async function timed<T>(call: Promise<T>, { deadlineMs, graceMs }: AppendTiming): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppendUnclear('a write was not answered in time'));
    }, deadlineMs + graceMs);
  });
  call.catch(() => undefined);
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when the work has ended, well or not, or when time is up. */
export async function endedOrLate(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([ended, late]);
  clearTimeout(timer);
}
