import type { Clock } from '../../../domain/clock.js';
import type { Appended, Ledger } from '../../../ledger/ledger.js';
import { createMemoryLedger } from '../../../ledger/memory/memory-ledger.js';

/** A clock that stands until it is set; each reading moves it by `step` ms. */
export function fakeClock(start: string, step = 0): Clock & { set(time: string): void } {
  let now = Date.parse(start);
  return {
    now() {
      const read = now;
      now += step;
      return read;
    },
    set(time) {
      now = Date.parse(time);
    },
  };
}

export type AppendCall = Parameters<Ledger['append']>;

/** A memory ledger whose appends pass through `meddle`; it may throw instead of, or after, appending. */
export function meddledLedger(
  meddle: (append: () => Promise<Appended>, call: AppendCall, nth: number) => Promise<Appended>,
): Ledger & { readonly calls: readonly AppendCall[]; readonly inner: Ledger } {
  const inner = createMemoryLedger();
  const calls: AppendCall[] = [];
  return {
    ...inner,
    inner,
    calls,
    append(...call) {
      calls.push(call);
      return meddle(() => inner.append(...call), call, calls.length);
    },
  };
}
