import type { Clock } from '../../domain/clock.js';

/** The machine's clock; everything else gets it as an argument. */
export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds since some moment of the past: for how long something takes, even while the clock is being set. */
export const monotonicMs = (): number => performance.now();
