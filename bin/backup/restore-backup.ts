import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../domain/clock.js';
import { renameDurably } from '../../ledger/keys/durable-file.js';
import { copyingFile, restoringFile } from '../../ledger/sqlite/restore-files.js';
import { lockFile } from '../../ledger/sqlite/sqlite-lock.js';
import type { Config } from '../config.js';
import { bringIn } from './bring-in.js';
import type { EndedWork } from './end-owed-work.js';
import { FolderInUse, refuseServer } from './errors.js';
import { finishRestore } from './finish-restore.js';
import { readManifest } from './manifest.js';
import type { OnProgress } from '../machine/progress.js';
import { keyForRestore } from './restore-key.js';

export interface RestoreBackup {
  readonly config: Config;
  /** Absolute path of the backup. */
  readonly from: string;
  readonly clock: Clock;
  readonly onProgress: OnProgress;
}

export interface RestoredBackup extends EndedWork {
  readonly dataDir: string;
  readonly ledgerId: string;
  /** Of the backup. */
  readonly lastPosition: string;
  readonly madeAt: string;
  /** True when an earlier restore was broken off and this one went on; what that one ended is not counted. */
  readonly resumed: boolean;
}

/**
 * Puts a backup into an empty data folder and ends what its ledger owes, so that nothing goes out twice. Broken off,
 * it can be run again; the ledger has its name, by which it can be started, only at the very end.
 * @throws LedgerOnServer, BackupUnusable, FolderInUse, LedgerLocked, LedgerDamaged, WrongRootKey, RootKeyInvalid, StillOwed, the file
 * system's error
 */
export async function restoreBackup(work: RestoreBackup): Promise<RestoredBackup> {
  const { config, from } = work;
  refuseServer(config);
  const manifest = readManifest(from);
  const key = keyForRestore(config.rootKey, from, manifest);
  refuseUsedPlace(config);
  for (const file of [config.ledgerFile, config.viewsFile, config.rootKey.ownFile]) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  }
  // Held to the end: an instance that is started meanwhile is refused, and so is a second restore.
  const lock = lockFile(config.lockFile);
  try {
    refuseUsedPlace(config);
    const resumed = existsSync(restoringFile(config.ledgerFile));
    if (!resumed) await bringIn({ ...work, manifest, key });
    const ended = await finishRestore({ ...work, manifest, key });
    renameDurably(restoringFile(config.ledgerFile), config.ledgerFile);
    const { id: ledgerId, lastPosition } = manifest.ledger;
    return { dataDir: config.dataDir, ledgerId, lastPosition, madeAt: manifest.madeAt, resumed, ...ended };
  } finally {
    lock.release();
  }
}

/** A restore of ours that was broken off is taken up; anything else that stands there is left alone. */
function refuseUsedPlace({ dataDir, ledgerFile, lockFile: lock, viewsFile }: Config): void {
  if (existsSync(ledgerFile)) {
    throw new FolderInUse(`there is a ledger at ${ledgerFile} already: name an empty folder`);
  }
  if (existsSync(restoringFile(ledgerFile)) || existsSync(copyingFile(ledgerFile))) return;
  const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
  // The lock has a journal beside it while it is held.
  const stranger = names.find((name) => !join(dataDir, name).startsWith(lock));
  if (stranger !== undefined) {
    throw new FolderInUse(`${dataDir} is not empty (${stranger} is there): name an empty folder`);
  }
  if (existsSync(viewsFile))
    throw new FolderInUse(`${basename(viewsFile)} is at ${viewsFile} already: remove it`);
}
