/** The only source of time; injected everywhere, fixed in tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
