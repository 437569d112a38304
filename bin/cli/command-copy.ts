import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AS_STORED, copyLedger } from '../../ledger/copy-ledger.js';
import { compareLedgers } from '../../ledger/compare-ledgers.js';
import { SCHEMA_CODEC, type EventCodec } from '../../ledger/event-codec.js';
import { openKurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import type { Position } from '../../ledger/ledger.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { rebuildViews } from '../../projections/rebuild-views.js';
import { openViews } from '../../projections/views.js';
import type { OpenLedger } from '../open-ledger.js';
import { systemClock } from '../system-clock.js';
import { examples, type CliContext } from './context.js';
import { CommandFailed, EXIT } from './exit-codes.js';
import { createProgress } from './progress.js';
import { fields } from './table.js';

/** SQLite writes what comes in one turn in its order; a server promises that for one append after another. */
const TOGETHER = { sqlite: 256, server: 1 } as const;

export function registerCopy(program: Command, { out }: CliContext): void {
  program
    .command('copy')
    .description('move a ledger from one store to another: every event at its place, verified; resumable')
    .requiredOption('--from <url>', 'sqlite:<file>, esdb://…, or @<file> that holds the URL')
    .requiredOption('--to <url>', 'the same; an empty ledger, or one that this copy was filling')
    .addHelpText(
      'after',
      `${examples(
        'optledger copy --from sqlite:data/ledger.db --to esdb://admin:secret@db.example.com:2113',
        'optledger copy --from @/run/secrets/ledger-url --to sqlite:/srv/optledger/ledger.db',
      )}

Stop every instance first: nothing may be owed and nobody may write. The root key is not copied: keep it.`,
    )
    .action(async ({ from, to }: { from: string; to: string }) => {
      const copied = await copy(urlOf(from), urlOf(to), (line) => {
        out.say(line);
      });
      out.result(copied, () => fields(copied));
    });
}

async function copy(
  from: string,
  to: string,
  say: (line: string) => void,
): Promise<{ readonly events: number; readonly sha256: string }> {
  await refuseOwed(from, say);
  const source = await open(from, AS_STORED);
  try {
    const target = await open(to, AS_STORED);
    try {
      const head = source.headPosition();
      const together = isServer(to) ? TOGETHER.server : TOGETHER.sqlite;
      const bar = (word: string): ((events: number, position: Position) => void) =>
        createProgress(say, word, head);
      const { cursors } = target;
      await copyLedger({
        from: { ledger: source },
        to: { ledger: target, cursors, together },
        onProgress: bar('copied'),
      });
      return await compareLedgers(source, target, bar('compared'));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** What is owed would be handed over by nobody: the copy begins with its reactor at the end. */
async function refuseOwed(from: string, say: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'optledger-copy-'));
  const ledger = await open(from, SCHEMA_CODEC);
  try {
    const file = join(folder, 'views.db');
    const progress = createProgress(say, 'looked for owed work', ledger.headPosition());
    await rebuildViews({
      file,
      ledger,
      onProgress: (position) => {
        progress(undefined, position);
      },
    });
    const views = await openViews({ file, ledger });
    const { messages, callbacks } = views.stats().owed;
    views.close();
    if (messages + callbacks > 0) {
      throw new CommandFailed(
        EXIT.failed,
        `${String(messages)} messages and ${String(callbacks)} callbacks are owed: start the instance and let them end`,
      );
    }
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const isServer = (url: string): boolean => url.startsWith('esdb');

/** @throws LedgerLocked while a process holds the file */
async function open(url: string, codec: EventCodec): Promise<OpenLedger> {
  if (isServer(url)) return openKurrentLedger({ url, clock: systemClock, newId: randomUUID, codec });
  const file = resolve(url.slice('sqlite:'.length));
  return openSqliteLedger({ file, lockFile: `${file.replace(/\.db$/, '')}.lock`, codec });
}

/** A URL may hold a password, which has no place on a command line that others can list. */
function urlOf(given: string): string {
  const url = given.startsWith('@') ? readFileSync(given.slice(1), 'utf8').trim() : given;
  if (!/^(?:sqlite:|esdb(?:\+discover)?:\/\/)/.test(url)) {
    throw new CommandFailed(EXIT.usage, 'expected sqlite:<file>, esdb://… or @<file> that holds such a URL');
  }
  return url;
}
