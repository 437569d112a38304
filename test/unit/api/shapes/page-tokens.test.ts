import { describe, expect, it } from 'vitest';
import { pageTokens } from '../../../../api/shapes/page-tokens.js';
import { ApiError } from '../../../../api/server/errors.js';
import { openRootKey } from '../../../../ledger/keys/root-key.js';

const rootKey = openRootKey(Buffer.alloc(32, 5));
const tokens = (storeId = 'here', ...list: readonly string[]) =>
  pageTokens({ rootKey, storeId }, ...(list.length === 0 ? ['consents', 'p1'] : list));

describe('a page token', () => {
  it.each(['0', '17', '184467440737', '17.4'])('gives back the key of its row: %s', (key) => {
    expect(tokens().read(tokens().write(key))).toBe(key);
  });

  it('is nothing at the end, and nothing is the first page', () => {
    expect(tokens().write(null)).toBe('');
    expect(tokens().read('')).toBeNull();
    expect(tokens().read(undefined)).toBeNull();
  });

  it.each([
    ['another store, where the same row stands elsewhere', tokens('there')],
    ['another list', tokens('here', 'consents', 'p2')],
    ['another list of the same letters', tokens('here', 'consentsp1')],
    ['a list that is called like the store', tokens('consents', 'p1')],
  ])('is refused by %s', (_, other) => {
    const token = tokens().write('17');
    expect(() => other.read(token)).toThrow(ApiError);
    expect(() => other.read(token)).toThrow(expect.objectContaining({ httpCode: 400 }) as Error);
  });
});
