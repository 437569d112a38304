import type { RootKey } from '../../ledger/keys/root-key.js';
import { invalidField } from '../server/errors.js';
import { pageLimit, type PageBounds, type PageQuery } from '../wire/paging.js';

const NUMBER_BYTES = 8;
const CHECK_HEX = 16;
const CHECK_BYTES = CHECK_HEX / 2;

/** Makes and reads page tokens of one list. Keys are the decimal text of a row's position, or of several numbers with dots. */
export interface PageTokens {
  /** Makes the token that follows a key; empty on the last page. */
  write(nextKey: string | null): string;
  /** Reads the key of the last row seen, null on the first page. @throws ApiError for a token this list never gave out */
  read(token: string | undefined): string | null;
}

/** What the check of a token hangs on. */
export interface TokenKeys {
  readonly rootKey: Pick<RootKey, 'textHmac'>;
  /**
   * The place where the ledger is kept. The root key goes along when a ledger is copied to another store, and the same
   * rows then stand at other positions: without this an old token would pass, and show a wrong page.
   */
  readonly storeId: string;
}

/**
 * A token is a row's key and a keyed check over key, list and store, in base64url without padding: some clients put it
 * unescaped into the next query. It opens for the list that it was made for and for no other.
 * @param list what names the list: fixed words, ids, and hashes of what else it was asked for
 */
export function pageTokens({ rootKey, storeId }: TokenKeys, ...list: readonly string[]): PageTokens {
  const tokenOf = (key: string): string => {
    const numbers = key.split('.').map((number) => {
      const bytes = Buffer.alloc(NUMBER_BYTES);
      bytes.writeBigUInt64BE(BigInt(number));
      return bytes;
    });
    const check = rootKey.textHmac(JSON.stringify(['page', storeId, ...list, key])).slice(0, CHECK_HEX);
    return Buffer.concat([...numbers, Buffer.from(check, 'hex')]).toString('base64url');
  };
  return {
    write: (nextKey) => (nextKey === null ? '' : tokenOf(nextKey)),
    read(token) {
      if (token === undefined || token === '') return null;
      const bytes = Buffer.from(token, 'base64url');
      const key = keyOf(bytes);
      // Tokens are compared as text, so that another spelling of the same bytes is refused as well.
      if (tokenOf(key) !== token) throw invalidField('page_token', 'not a page token of this list');
      return key;
    },
  };
}

/** The page of a list that a query asks for. */
export interface AskedPage {
  /** What a view is asked. */
  readonly read: { readonly afterKey: string | null; readonly limit: number };
  /** `next_page_token` of the answer. */
  next(nextKey: string | null): string;
}

/** Reads the keys of a list's query. @param list as for `pageTokens` @throws ApiError for a foreign token */
export function askedPage(
  keys: TokenKeys,
  query: PageQuery,
  bounds: PageBounds,
  ...list: readonly string[]
): AskedPage {
  const tokens = pageTokens(keys, ...list);
  const limit = pageLimit(query.page_size, bounds);
  return { read: { afterKey: tokens.read(query.page_token), limit }, next: (key) => tokens.write(key) };
}

/** Reads the key in a token. Of anything else it gives the first row's key, whose token the text then is not. */
function keyOf(bytes: Buffer): string {
  const count = Math.floor((bytes.length - CHECK_BYTES) / NUMBER_BYTES);
  if (count < 1) return '0';
  return Array.from({ length: count }, (_, n) => bytes.readBigUInt64BE(n * NUMBER_BYTES)).join('.');
}
