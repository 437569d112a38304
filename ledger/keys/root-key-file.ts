import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeDurably } from './durable-file.js';
import { RootKeyInvalid } from '../errors.js';
import { ROOT_KEY_BYTES } from './root-key.js';

/** Says where the root key comes from; the first that is given counts. */
export interface RootKeySource {
  /** The key itself: 32 bytes as base64, base64url or 64 hex digits. */
  readonly value?: string | undefined;
  /** A file that holds such a value and has to be there. */
  readonly file?: string | undefined;
  /** Our own file, made when the ledger is empty. */
  readonly ownFile: string;
  /** True while the ledger has no event: only then may a key be made, for nothing hangs on one yet. */
  readonly ledgerIsEmpty: boolean;
}

/**
 * Reads the root key, or makes one. The caller holds the ledger's lock.
 * @returns 32 bytes for `openRootKey`
 * @throws RootKeyInvalid when it is malformed, or missing beside a ledger that has events
 */
export function loadRootKey({ value, file, ownFile, ledgerIsEmpty }: RootKeySource): Buffer {
  if (value !== undefined) return decode(value, 'the value of ROOT_KEY');
  const found = readIfThere(file ?? ownFile);
  if (found !== undefined) return decode(found, file ?? ownFile);
  if (file !== undefined) throw new RootKeyInvalid(`there is no root key at ${file}`);
  if (!ledgerIsEmpty) {
    throw new RootKeyInvalid(
      `no root key at ${ownFile}, but the ledger was made with one: restore it from the backup of the ledger`,
    );
  }
  const made = randomBytes(ROOT_KEY_BYTES);
  // The key is on disk before the first event hangs on it.
  writeDurably(ownFile, `${made.toString('base64')}\n`);
  return made;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function decode(text: string, where: string): Buffer {
  const trimmed = text.trim();
  const isHex = /^[0-9a-f]{64}$/i.test(trimmed);
  const isBase64 = /^[\w+/-]{43}=?$/.test(trimmed);
  const bytes = Buffer.from(trimmed, isHex ? 'hex' : 'base64');
  if (!(isHex || isBase64) || bytes.length !== ROOT_KEY_BYTES) {
    throw new RootKeyInvalid(
      `${where} is not a root key: 32 bytes as base64 or as 64 hex digits are expected`,
    );
  }
  return bytes;
}
