import type { Config } from '../config.js';

/** Thrown where the folder is not a backup that can be restored; the text says why. */
export class BackupUnusable extends Error {
  override readonly name = 'BackupUnusable';
}

/** Thrown because nothing is written where something stands already. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

/** Thrown where the ledger is not a file of ours. */
class LedgerOnServer extends Error {
  override readonly name = 'LedgerOnServer';
}

/** Refuses a ledger on a server. @throws LedgerOnServer where LEDGER_URL names one */
export function refuseServer({ ledgerServer }: Pick<Config, 'ledgerServer'>): void {
  if (ledgerServer === undefined) return;
  throw new LedgerOnServer(
    'the ledger is on a server (LEDGER_URL): back it up and restore it by the means of that server, and keep the root ' +
      'key with it; this command is for the embedded ledger',
  );
}
