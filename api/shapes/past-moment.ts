import { invalidField } from '../server/errors.js';

/**
 * Reads the moment of a key `at` as the ledger writes its times, RFC 3339 UTC with ms; undefined where now is meant.
 * @param now milliseconds since the epoch
 * @throws ApiError for a moment to come, since nobody knows yet
 */
export function toPast(at: string | undefined, now: number): string | undefined {
  if (at === undefined) return undefined;
  const ms = Date.parse(at);
  if (!(ms <= now)) throw invalidField('at', 'expected a moment that has passed');
  return new Date(ms).toISOString();
}
