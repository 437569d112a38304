import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { newEvent, newStream } from './ledger-support.js';

/**
 * A process of its own with a ledger: `ledger-child.ts <file> <lock file> <writers> <bytes>`.
 * Each of the writers appends to one stream without end; every acknowledged event is a line on stdout.
 */
const [file = '', lockFile = '', writers = '0', bytes = '0'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function write(ledger: Awaited<ReturnType<typeof openSqliteLedger>>): Promise<void> {
  const stream = newStream();
  for (let revision = 0; ; revision++) {
    const event = newEvent('x'.repeat(Number(bytes)));
    await ledger.append(stream, [event], revision === 0 ? 'none' : revision - 1);
    say(`${event.id} ${stream} ${String(revision)}`);
  }
}

// Without it a process without writers would end by itself, and with it its lock.
const alive = setInterval(() => undefined, 60_000);

try {
  const ledger = await openSqliteLedger({ file, lockFile });
  say('open');
  const results = Promise.allSettled(Array.from({ length: Number(writers) }, () => write(ledger)));
  say(`fatal ${(await ledger.fatal).name}`);
  for (const result of await results)
    say(`rejected ${result.status === 'rejected' ? String(result.reason) : ''}`);
  await ledger.readAll({ after: 0n, limit: 1 }).catch((error: unknown) => say(`read ${String(error)}`));
  await ledger.close();
} catch (error) {
  say(`error ${error instanceof Error ? error.name : ''} ${String(error)}`);
} finally {
  clearInterval(alive);
}
