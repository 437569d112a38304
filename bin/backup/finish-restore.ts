import { existsSync, rmSync } from 'node:fs';
import type { Clock } from '../../domain/clock.js';
import { REACTOR_CURSORS } from '../../ledger/commands/create-ledger.js';
import { LedgerUnavailable, WrongRootKey } from '../../ledger/errors.js';
import { restoringFile } from '../../ledger/sqlite/restore-files.js';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { LEDGER_STREAM } from '../../ledger/streams.js';
import { rebuildViews } from '../../projections/engine/rebuild-views.js';
import { openViews, type Views } from '../../projections/views.js';
import type { Config } from '../config.js';
import { endOwedWork, type EndedWork } from './end-owed-work.js';
import { BackupUnusable } from './errors.js';
import type { Manifest } from './manifest.js';
import type { OnProgress } from '../machine/progress.js';
import type { RestoreKey } from './restore-key.js';

interface FinishRestore {
  readonly config: Config;
  readonly manifest: Manifest;
  readonly key: RestoreKey;
  readonly clock: Clock;
  readonly onProgress: OnProgress;
}

/** This is longer than any fold takes. */
const PATIENCE_MS = 24 * 3_600_000;

/**
 * Ends what the copied ledger owes and sets the reactor behind its last event. Afterwards the file is whole, closed
 * and without a log, and only its name is missing.
 * @throws BackupUnusable where an earlier restore of another backup was broken off here; WrongRootKey, StillOwed
 */
export async function finishRestore(work: FinishRestore): Promise<EndedWork> {
  const { config, manifest, key, clock, onProgress } = work;
  const file = restoringFile(config.ledgerFile);
  const ownLock = `${file}.lock`;
  const ledger = await openSqliteLedger({ file, lockFile: ownLock });
  let ended: EndedWork;
  try {
    await checkSame(ledger, manifest, key);
    ended = await withViews(work, ledger, (views) =>
      endOwedWork({
        ...{ ledger, clock, owed: views.owed },
        folded: () => views.passed(ledger.headPosition(), PATIENCE_MS),
        onProgress: (lane, done, of) => onProgress(`ending owed ${lane}`, done, of),
      }),
    );
    await setReactor(ledger);
  } finally {
    await ledger.close();
    rmSync(ownLock, { force: true });
  }
  // The last connection writes the log into the file; a rename would part the two.
  if (existsSync(`${file}-wal`)) throw new LedgerUnavailable('the log of the ledger was not written into it');
  return ended;
}

async function checkSame(ledger: SqliteLedger, { ledger: wanted }: Manifest, { key, origin }: RestoreKey) {
  const before = BigInt(wanted.lastPosition) - 1n;
  const [last] = await ledger.readAll({ after: before, limit: 1 });
  if (last?.event.id !== wanted.lastEventId) {
    throw new BackupUnusable(
      'a restore of another backup was broken off in this folder: run that one again, or empty the folder',
    );
  }
  const created = (await ledger.readStream(LEDGER_STREAM, { from: 0, direction: 'forwards', limit: 1 }))[0]
    ?.event;
  if (created?.type !== 'ledger-created' || created.data.keyCheck !== key.keyCheck) {
    throw new WrongRootKey(`${origin} is not the root key that this ledger was made with`);
  }
}

async function withViews<T>(
  { config, onProgress }: FinishRestore,
  ledger: SqliteLedger,
  use: (views: Views) => Promise<T>,
): Promise<T> {
  const file = config.viewsFile;
  const head = Number(ledger.headPosition());
  const told = (position: bigint): void => onProgress('folding the ledger', Number(position), head);
  if (!existsSync(file)) await rebuildViews({ file, ledger, onProgress: told });
  const views = await openViews({ file, ledger, onRebuild: told });
  const stop = new AbortController();
  const folding = views.run(stop.signal);
  try {
    return await Promise.race([use(views), folding.then(() => Promise.reject(new Error('the fold ended')))]);
  } finally {
    stop.abort();
    await folding.catch(() => undefined);
    views.close();
  }
}

/** Moves the cursors to the end: nothing is owed, so there is nothing to look back for, and no stored batch may start. */
async function setReactor(ledger: SqliteLedger): Promise<void> {
  const { cursors } = ledger;
  const value = { after: String(ledger.headPosition()), batch: null };
  for (const name of REACTOR_CURSORS) {
    const kept = await cursors.load(name);
    await cursors.save(name, value, kept?.version ?? 'none');
  }
}
