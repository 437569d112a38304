import type { ReadStream } from './ledger.js';

/** One read returns so many events at most. */
const MAX_READ = 1_000;

/** Checks a limit. @throws RangeError unless it is 1–1,000 */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_READ) {
    throw new RangeError(`a read takes 1 to ${String(MAX_READ)} events, not ${String(limit)}`);
  }
}

/** Checks a read of a stream. @throws RangeError unless `from` is a revision (0 and up), or 'end' with 'backwards' */
export function checkReadStream({ from, direction, limit }: ReadStream): void {
  checkLimit(limit);
  const ok = from === 'end' ? direction === 'backwards' : Number.isSafeInteger(from) && from >= 0;
  if (!ok) throw new RangeError(`cannot read ${direction} from ${String(from)}`);
}
