import { START, type Position } from '../../ledger/ledger.js';
import type { Place } from './newest-first.js';

const LARGEST = 2n ** 63n - 1n;
const NUMBER = /^(0|[1-9]\d{0,18})$/;

/** Reads the position that a page goes on after. @throws RangeError for a key that no page ever gave */
export function afterKeyOf(key: string | null): Position {
  return key === null ? START : numberOf(key);
}

/** Key of a row that several numbers name: joined by dots. */
export function keyOfPlace(place: Place): string {
  return place.join('.');
}

/** The row that a page goes on after. @throws RangeError for a key that no page ever gave */
export function placeOfKey(key: string | null, numbers: number): Place | null {
  if (key === null) return null;
  const place = key.split('.').map(numberOf);
  if (place.length !== numbers) throw new RangeError('not a page key');
  return place;
}

function numberOf(text: string): bigint {
  const number = NUMBER.test(text) ? BigInt(text) : LARGEST + 1n;
  if (number > LARGEST) throw new RangeError('not a page key');
  return number;
}
