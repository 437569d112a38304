import type { Clock } from '../../domain/clock.js';

/** The machine's clock; everything else gets it as an argument. */
export const systemClock: Clock = { now: () => Date.now() };
