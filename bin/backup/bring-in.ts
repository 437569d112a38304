import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { renameDurably } from '../../ledger/keys/durable-file.js';
import { WrongRootKey } from '../../ledger/errors.js';
import { copyingFile, restoringFile } from '../../ledger/sqlite/restore-files.js';
import { checkLedgerCopy } from '../../ledger/sqlite/sqlite-backup.js';
import type { Config } from '../config.js';
import { copyHashed, type Hashed } from './copy-hashed.js';
import { BackupUnusable } from './errors.js';
import { FILES, type Manifest } from './manifest.js';
import type { OnProgress } from '../machine/progress.js';
import type { RestoreKey } from './restore-key.js';

interface BringIn {
  readonly config: Config;
  readonly from: string;
  readonly manifest: Manifest;
  readonly key: RestoreKey;
  readonly onProgress: OnProgress;
}

/**
 * Copies a backup into the data folder and checks all of it. What is refused leaves nothing behind.
 * @throws BackupUnusable, LedgerDamaged, WrongRootKey, the file system's error
 */
export async function bringIn(work: BringIn): Promise<void> {
  const { config, key } = work;
  const copying = copyingFile(config.ledgerFile);
  try {
    await copyLedgerIn(work, copying);
    if (key.file !== null) {
      const copied = await copyHashed(key.file, config.rootKey.ownFile);
      compare(copied, work.manifest.rootKey, key.file);
    }
    renameDurably(copying, restoringFile(config.ledgerFile));
  } catch (error) {
    rmSync(copying, { force: true });
    if (key.file !== null) rmSync(config.rootKey.ownFile, { force: true });
    throw error;
  }
}

async function copyLedgerIn({ from, manifest, key, onProgress }: BringIn, copying: string): Promise<void> {
  const source = join(from, FILES.ledger);
  if (!existsSync(source)) throw new BackupUnusable(`${source} is missing`);
  const copied = await copyHashed(source, copying, (done, of) => onProgress('copying the ledger', done, of));
  compare(copied, manifest.ledger, source);
  onProgress('checking the ledger', 0, 1);
  const facts = checkLedgerCopy(copying);
  onProgress('checking the ledger', 1, 1);
  const { id, lastPosition, lastEventId } = manifest.ledger;
  if (
    facts.ledgerId !== id ||
    String(facts.lastPosition) !== lastPosition ||
    facts.lastEventId !== lastEventId
  ) {
    throw new BackupUnusable(`${from}: the manifest is of another ledger than the one beside it`);
  }
  if (facts.keyCheck !== key.key.keyCheck) {
    throw new WrongRootKey(
      `${key.origin} is not the root key that this ledger was made with: with another one nobody would be blocked`,
    );
  }
}

function compare(copied: Hashed, wanted: Hashed | null, source: string): void {
  if (wanted === null || (copied.bytes === wanted.bytes && copied.sha256 === wanted.sha256)) return;
  const why =
    copied.bytes === wanted.bytes
      ? 'its content was altered'
      : `it has ${String(copied.bytes)} bytes instead of ${String(wanted.bytes)}`;
  throw new BackupUnusable(`${source} is not what the manifest says: ${why}. Take another backup`);
}
