import { existsSync } from 'node:fs';
import { RestoreUnfinished } from '../errors.js';

// A restore works beside the name that the ledger will have. Its last step, one rename, gives it that name; until then
// there is no ledger that anybody could open.

/** Where the backup is copied to: nothing of it is checked yet. */
export const copyingFile = (file: string): string => `${file}.copying`;

/** A checked copy, whose owed work is being ended. */
export const restoringFile = (file: string): string => `${file}.restoring`;

/** Refuses a place where one of these files is. @throws RestoreUnfinished */
export function refuseUnfinishedRestore(file: string): void {
  if (!existsSync(copyingFile(file)) && !existsSync(restoringFile(file))) return;
  throw new RestoreUnfinished(
    `a restore of ${file} was not finished: run the same \`optledger restore\` again, which goes on where it was ` +
      'broken off; or empty the data folder',
  );
}
