import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { ON_ROLES } from '../instance/instance.js';
import { sqliteCells } from './sqlite-cells.js';
import { enginesOf } from '../topology/engines.js';

/** All that a ledger holds, as bytes: what events keep as personal, and everything beside that. */
interface LedgerCells {
  readonly personal: Buffer;
  readonly beside: Buffer;
}

/** Reads the ledger of a stopped instance: the values of its file, or what the server of its roles gives out. */
export async function ledgerCells(dataDir: string): Promise<LedgerCells> {
  if (ON_ROLES) return serverCells((await enginesOf(dataDir)).ledger.url);
  const file = join(dataDir, 'ledger.db');
  return {
    personal: sqliteCells(file, (_, column) => column === 'personal'),
    beside: sqliteCells(file, (_, column) => column !== 'personal'),
  };
}

/** Streams' names and metadata, and the server's own events, are beside. */
async function serverCells(url: string): Promise<LedgerCells> {
  const client = EventStoreDBClient.connectionString(url);
  const [personal, beside]: [string[], string[]] = [[], []];
  try {
    for await (const { event } of client.readAll()) {
      if (event === undefined) continue;
      const { personal: kept, ...rest } = event.data as { personal?: unknown };
      personal.push(JSON.stringify(kept ?? null));
      beside.push(event.streamId, event.type, event.id, JSON.stringify(rest), JSON.stringify(event.metadata));
    }
  } finally {
    await client.dispose();
  }
  return { personal: Buffer.from(personal.join('\n')), beside: Buffer.from(beside.join('\n')) };
}
