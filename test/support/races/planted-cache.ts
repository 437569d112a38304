import type { Ledger, Recorded } from '../../../ledger/ledger.js';

/**
 * The fault that the race test has to find, what every other service does with a much longer time: a ledger whose
 * last events of contacts and apps are answered from a cache.
 */
export function withTimedCache(ledger: Ledger, keptMs: number): Ledger {
  const kept = new Map<string, { readonly until: number; readonly read: Promise<readonly Recorded[]> }>();
  return {
    append: (stream, events, expected) => ledger.append(stream, events, expected),
    readAll: (read) => ledger.readAll(read),
    subscribe: (read) => ledger.subscribe(read),
    readStream(stream, read) {
      if (read.from !== 'end' || !/^(contact|app)-/.test(stream)) return ledger.readStream(stream, read);
      const now = performance.now();
      const known = kept.get(stream);
      if (known !== undefined && now < known.until) return known.read;
      const fresh = ledger.readStream(stream, read);
      kept.set(stream, { until: now + keptMs, read: fresh });
      return fresh;
    },
  };
}
