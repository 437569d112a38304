import { START, type Position } from '../../ledger/ledger.js';
import type { RowKeys } from './newest-first.js';

const LARGEST = 2n ** 63n - 1n;
const NUMBER = /^(0|[1-9]\d{0,18})$/;

/** Reads the position that a page goes on after. @throws RangeError for a key that no page ever gave */
export function afterKeyOf(key: string | null): Position {
  return key === null ? START : numberOf(key);
}

/** Key of a row that several numbers name: joined by dots. */
export function pageKeyOf(keys: RowKeys): string {
  return keys.join('.');
}

/** The row that a page goes on after. @throws RangeError for a key that no page ever gave */
export function rowKeysAt(key: string | null, numbers: number): RowKeys | null {
  if (key === null) return null;
  const keys = key.split('.').map(numberOf);
  if (keys.length !== numbers) throw new RangeError('not a page key');
  return keys;
}

function numberOf(text: string): bigint {
  const number = NUMBER.test(text) ? BigInt(text) : LARGEST + 1n;
  if (number > LARGEST) throw new RangeError('not a page key');
  return number;
}
