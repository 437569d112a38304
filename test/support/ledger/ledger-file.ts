import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openKurrentLedger } from '../../../ledger/kurrent/kurrent-ledger.js';
import { openToRead } from '../../../ledger/sqlite/open-to-read.js';
import { START, type Ledger, type Recorded } from '../../../ledger/ledger.js';
import { systemClock } from '../../../bin/machine/system-clock.js';
import { readPages } from '../../../ledger/reads/read-pages.js';
import { openSqliteLedger } from '../../../ledger/sqlite/sqlite-ledger.js';
import { messageStream } from '../../../ledger/streams.js';
import { ON_ROLES } from '../instance/instance.js';
import { enginesOf } from '../topology/engines.js';

type OpenedLedger = Pick<Ledger, 'readAll'> & { close(): Promise<void> };

/** The file of one process; on roles the server that they share, which outlives them. */
async function openLedgerOf(dataDir: string): Promise<OpenedLedger> {
  if (ON_ROLES) {
    const { ledger } = await enginesOf(dataDir);
    return openKurrentLedger({ url: ledger.url, clock: systemClock, newId: randomUUID });
  }
  const file = (name: string): string => join(dataDir, name);
  return openSqliteLedger({ file: file('ledger.db'), lockFile: file('ledger.lock') });
}

/** Opens the ledger of a stopped instance for as long as `use` lasts. */
async function withLedger<T>(dataDir: string, use: (ledger: OpenedLedger) => Promise<T>): Promise<T> {
  const ledger = await openLedgerOf(dataDir);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

/** Why a message ended as failed, as the ledger has it while the instance runs. */
export async function reasonOfEnd(dataDir: string, messageId: string): Promise<unknown> {
  const stream = messageStream(messageId);
  const events: unknown[] = [];
  if (ON_ROLES) {
    await eachEvent(dataDir, (recorded) => {
      if (recorded.stream === stream && recorded.event.type === 'message-failed')
        events.push(recorded.event.data);
    });
  } else {
    // Its lock is the instance's, so it is looked at from outside.
    const db = openToRead(join(dataDir, 'ledger.db'));
    const row = db
      .prepare(`SELECT data FROM events WHERE stream = ? AND type = 'message-failed'`)
      .get(stream);
    db.close();
    events.push(JSON.parse(String(row?.['data'] ?? '{}')));
  }
  return (events[0] as { reason?: string } | undefined)?.reason;
}

/** Every event of a stopped instance, in the ledger's order, without holding them all. */
export function eachEvent(dataDir: string, visit: (recorded: Recorded) => void): Promise<void> {
  return withLedger(dataDir, (ledger) => eachEventIn(ledger, visit));
}

/** Every event of an open ledger, in its order. */
export async function eachEventIn(
  ledger: Pick<Ledger, 'readAll'>,
  visit: (recorded: Recorded) => void,
): Promise<void> {
  for await (const page of readPages(ledger, START)) page.forEach(visit);
}
