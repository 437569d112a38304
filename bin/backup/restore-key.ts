import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openRootKey, type RootKey } from '../../ledger/keys/root-key.js';
import { loadRootKey } from '../../ledger/keys/root-key-file.js';
import type { Config } from '../config.js';
import { BackupUnusable } from './errors.js';
import { FILES, type Manifest } from './manifest.js';

/** The key that the restored instance will run with. */
export interface RestoreKey {
  readonly key: RootKey;
  /** Where it comes from, for messages. */
  readonly origin: string;
  /** The file that is copied into the data folder; null where ROOT_KEY or ROOT_KEY_FILE is given. */
  readonly file: string | null;
}

/**
 * A key that is given from outside counts before the one in the backup, as it does at a start.
 * @throws BackupUnusable where there is none; RootKeyInvalid
 */
export function keyForRestore(source: Config['rootKey'], from: string, manifest: Manifest): RestoreKey {
  const isGiven = source.value !== undefined || source.file !== undefined;
  if (!isGiven && manifest.rootKey === null) {
    throw new BackupUnusable(
      `${from} holds no root key, because it was kept elsewhere: give it by ROOT_KEY or ROOT_KEY_FILE`,
    );
  }
  const file = join(from, FILES.rootKey);
  if (!isGiven && !existsSync(file)) throw new BackupUnusable(`${file} is missing`);
  const bytes = loadRootKey({ ...source, ownFile: file, ledgerIsEmpty: false });
  const origin = source.value !== undefined ? 'ROOT_KEY' : (source.file ?? file);
  return { key: openRootKey(bytes), origin, file: isGiven ? null : file };
}
