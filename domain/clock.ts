/** The only source of time. It is injected everywhere, and fixed in tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
