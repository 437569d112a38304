import { START, type Position } from '../ledger/ledger.js';

const LARGEST = 2n ** 63n - 1n;

/** The position that a page goes on after. @throws RangeError for a key that no page ever gave */
export function afterKeyOf(key: string | null): Position {
  if (key === null) return START;
  if (!/^(0|[1-9]\d{0,18})$/.test(key)) throw new RangeError('not a page key');
  const position = BigInt(key);
  if (position > LARGEST) throw new RangeError('not a page key');
  return position;
}
