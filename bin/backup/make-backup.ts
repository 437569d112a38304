import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../domain/clock.js';
import { syncFolder, writeDurably } from '../../ledger/keys/durable-file.js';
import { WrongRootKey } from '../../ledger/errors.js';
import { checkLedgerCopy, copyLedgerFile } from '../../ledger/sqlite/sqlite-backup.js';
import { openRootKey } from '../../ledger/keys/root-key.js';
import { loadRootKey } from '../../ledger/keys/root-key-file.js';
import type { Config } from '../config.js';
import { copyHashed, hashFile, type Hashed } from './copy-hashed.js';
import { FolderInUse, refuseServer } from './errors.js';
import { FILES, newManifest } from './manifest.js';
import type { OnProgress } from '../machine/progress.js';

export interface MakeBackup {
  readonly config: Pick<Config, 'ledgerFile' | 'ledgerServer' | 'rootKey'>;
  /** Absolute path; not there yet, or an empty folder. */
  readonly to: string;
  readonly clock: Clock;
  /** Release of optledger. */
  readonly version: string;
  readonly onProgress: OnProgress;
  /** Told where the backup grows, before there is anything in it. */
  readonly onBegin: (unfinished: string) => void;
}

export interface MadeBackup {
  readonly folder: string;
  readonly ledgerId: string;
  readonly lastPosition: string;
  readonly bytes: number;
  readonly madeAt: string;
  /** `elsewhere`: ROOT_KEY or ROOT_KEY_FILE is in force. `missing`: no key is known here at all. */
  readonly rootKey: 'included' | 'elsewhere' | 'missing';
}

/** Where interrupted backups of this folder lie; each holds part of a ledger and perhaps its key. */
export function unfinishedBackups(to: string): string[] {
  const parent = dirname(to);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => name.startsWith(`${basename(to)}${UNFINISHED}`))
    .map((name) => join(parent, name));
}

const UNFINISHED = '.unfinished-';

/**
 * Copies ledger and root key into a new folder while an instance may be running. The folder gets its name last: what
 * was broken off never looks like a backup.
 * @throws LedgerOnServer, FolderInUse, ForeignLedger, LedgerDamaged, WrongRootKey, RootKeyInvalid, the file system's error
 */
export async function makeBackup(work: MakeBackup): Promise<MadeBackup> {
  const { to, onBegin } = work;
  refuseServer(work.config);
  if (existsSync(to) && readdirSync(to).length > 0) {
    throw new FolderInUse(`${to} is not empty: name a folder that is not there yet`);
  }
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  // Mode 0700 by itself.
  const unfinished = mkdtempSync(`${to}${UNFINISHED}`);
  onBegin(unfinished);
  try {
    const made = await fill(unfinished, work);
    syncFolder(unfinished);
    // This fails where somebody has filled the folder meanwhile.
    renameSync(unfinished, to);
    syncFolder(dirname(to));
    return made;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function fill(folder: string, work: MakeBackup): Promise<MadeBackup> {
  const { config, to, clock, version, onProgress } = work;
  const madeAt = new Date(clock.now()).toISOString();
  const copy = join(folder, FILES.ledger);
  await copyLedgerFile({
    from: config.ledgerFile,
    to: copy,
    onProgress: (pages, of) => onProgress('copying the ledger', pages, of),
  });
  onProgress('checking the copy', 0, 1);
  const facts = checkLedgerCopy(copy);
  onProgress('checking the copy', 1, 1);
  const hashed = await hashFile(copy, (done, of) => onProgress('hashing', done, of));
  const key = await copyKey(folder, config.rootKey, facts.keyCheck);
  const lastPosition = String(facts.lastPosition);
  const ledger = { ...hashed, id: facts.ledgerId, lastPosition, lastEventId: facts.lastEventId };
  writeDurably(join(folder, FILES.manifest), newManifest({ version, madeAt, ledger, rootKey: key.copied }));
  const bytes = hashed.bytes + (key.copied?.bytes ?? 0);
  return { folder: to, ledgerId: facts.ledgerId, lastPosition, bytes, madeAt, rootKey: key.state };
}

/** Our own key file belongs to the backup; a key that is kept elsewhere stays there. */
async function copyKey(
  folder: string,
  source: Config['rootKey'],
  keyCheck: string,
): Promise<{ readonly copied: Hashed | null; readonly state: MadeBackup['rootKey'] }> {
  const isElsewhere = source.value !== undefined || source.file !== undefined;
  if (!isElsewhere && !existsSync(source.ownFile)) return { copied: null, state: 'missing' };
  const inForce = openRootKey(loadRootKey({ ...source, ledgerIsEmpty: false }));
  if (inForce.keyCheck !== keyCheck) {
    throw new WrongRootKey(
      `the root key in force (${isElsewhere ? 'ROOT_KEY or ROOT_KEY_FILE' : source.ownFile}) is not the one that the ` +
        'ledger was made with: a backup with it could not be used',
    );
  }
  if (isElsewhere) return { copied: null, state: 'elsewhere' };
  return { copied: await copyHashed(source.ownFile, join(folder, FILES.rootKey)), state: 'included' };
}
