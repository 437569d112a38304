import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { Clock } from '../../domain/clock.js';

const MOST_KEYS = 10_000;

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}
type Answer = Parameters<FastifyRateLimitStore['incr']>[1];

class TokenBuckets implements FastifyRateLimitStore {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  incr(key: string, answer: Answer, timeWindow: number, max: number): void {
    const now = this.#clock.now();
    const perMs = max / timeWindow;
    const known = this.#buckets.get(key);
    const tokens = known === undefined ? max : Math.min(max, known.tokens + (now - known.at) * perMs);
    const taken = tokens >= 1;
    this.#keep(key, { tokens: taken ? tokens - 1 : tokens, at: now });
    // The plugin refuses when `current` is above `max`.
    answer(
      null,
      taken
        ? { current: Math.ceil(max - tokens + 1), ttl: 0 }
        : { current: max + 1, ttl: (1 - tokens) / perMs },
    );
  }

  /** Each limited thing counts for itself. */
  child(): FastifyRateLimitStore {
    return new TokenBuckets(this.#clock);
  }

  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    const oldest = this.#buckets.size >= MOST_KEYS ? this.#buckets.keys().next().value : undefined;
    if (oldest !== undefined) this.#buckets.delete(oldest);
    this.#buckets.set(key, bucket);
  }
}

/**
 * Makes a store for @fastify/rate-limit that is a token bucket: `max` tokens, of which `max` per `timeWindow` ms come
 * back evenly. The plugin's own store counts in fixed windows, which let through twice the limit at their edge.
 */
export function tokenBuckets(clock: Clock): FastifyRateLimitStoreCtor {
  return class extends TokenBuckets {
    constructor() {
      super(clock);
    }
  };
}
