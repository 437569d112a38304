import type { Clock } from '../../domain/clock.js';
import type { CallbackTimes } from '../times.js';

/** So many requests to one endpoint this process makes at once, at most. */
export const MOST_CONCURRENT = 32;
const RECOVERY_FACTOR = 1.1;
/** So many endpoints are remembered although nothing is special about them. */
const MOST_ENDPOINTS = 10_000;

/** How a request ended, as far as the limits care. */
export type RequestEnd = 'answered' | 'throttled' | 'timed-out';

/** What this process grants one endpoint. */
export interface EndpointGate {
  /** Takes a place if there is one at once. */
  tryTake(): boolean;
  /** Waits for a place. @param withdrawn asked when the place is there; true leaves it to the next one */
  take(withdrawn: () => boolean): Promise<boolean>;
  /** Gives the place back. @param startedMs when the request began */
  end(how: RequestEnd | null, startedMs: number): void;
  /** Whether a request timed out not long ago, and no answer came since. */
  timedOut(): boolean;
}

interface LimitsDeps {
  readonly clock: Clock;
  readonly times: Pick<CallbackTimes, 'recoveryStepMs' | 'timedOutForMs'>;
}

/**
 * Keeps one gate per endpoint. It grants 32 requests at once; each 429 halves that, and each step of recovery without
 * one gives a tenth back.
 */
export function createEndpointLimits(deps: LimitsDeps): { of(endpointId: string): EndpointGate } {
  const gates = new Map<string, Gate>();
  return {
    of(endpointId) {
      const known = gates.get(endpointId);
      if (known !== undefined) return known;
      if (gates.size >= MOST_ENDPOINTS) forgetIdle(gates);
      const gate = new Gate(deps);
      gates.set(endpointId, gate);
      return gate;
    },
  };
}

function forgetIdle(gates: Map<string, Gate>): void {
  for (const [id, gate] of gates) if (gate.isIdle()) gates.delete(id);
}

class Gate implements EndpointGate {
  readonly #clock: Clock;
  readonly #times: LimitsDeps['times'];
  readonly #waiting: { readonly withdrawn: () => boolean; readonly grant: (granted: boolean) => void }[] = [];
  #taken = 0;
  #limit = MOST_CONCURRENT;
  #limitSinceMs = 0;
  #timedOutMs: number | null = null;

  constructor({ clock, times }: LimitsDeps) {
    this.#clock = clock;
    this.#times = times;
  }

  tryTake(): boolean {
    if (this.#waiting.length > 0 || this.#taken >= this.#currentLimit()) return false;
    this.#taken++;
    return true;
  }

  take(withdrawn: () => boolean): Promise<boolean> {
    if (this.tryTake()) return Promise.resolve(true);
    return new Promise((grant) => this.#waiting.push({ withdrawn, grant }));
  }

  end(how: RequestEnd | null, startedMs: number): void {
    this.#taken--;
    if (how === 'throttled') this.#throttle(startedMs);
    if (how === 'timed-out') this.#timedOutMs = this.#clock.now();
    else if (how !== null) this.#timedOutMs = null;
    this.#admit();
  }

  timedOut(): boolean {
    return this.#timedOutMs !== null && this.#clock.now() - this.#timedOutMs < this.#times.timedOutForMs;
  }

  isIdle(): boolean {
    return this.#taken === 0 && !this.timedOut() && this.#currentLimit() === MOST_CONCURRENT;
  }

  /** Requests that were under way together tell the same thing, so only one that began after the last cut cuts again. */
  #throttle(startedMs: number): void {
    if (startedMs < this.#limitSinceMs) return;
    this.#limit = Math.max(1, Math.floor(this.#currentLimit() / 2));
    this.#limitSinceMs = this.#clock.now();
  }

  #currentLimit(): number {
    const stepMs = this.#times.recoveryStepMs;
    while (this.#limit < MOST_CONCURRENT && this.#clock.now() - this.#limitSinceMs >= stepMs) {
      this.#limit = Math.min(MOST_CONCURRENT, Math.ceil(this.#limit * RECOVERY_FACTOR));
      this.#limitSinceMs += stepMs;
    }
    return this.#limit;
  }

  #admit(): void {
    while (this.#taken < this.#currentLimit()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const granted = !next.withdrawn();
      if (granted) this.#taken++;
      next.grant(granted);
    }
  }
}
