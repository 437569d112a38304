import { describe } from 'vitest';
import { describeAppend } from './ledger-append.contract.js';
import { describeCursors } from './ledger-cursors.contract.js';
import { describeDuplicates } from './ledger-duplicates.contract.js';
import { describeReads } from './ledger-read.contract.js';
import { describeSubscriptions } from './ledger-subscribe.contract.js';
import type { LedgerUnderTest } from './ledger-support.js';

/** Everything that every ledger keeps to, whatever it stands on. */
export function describeLedger(underTest: LedgerUnderTest): void {
  describe(underTest.name, () => {
    describeAppend(underTest);
    describeDuplicates(underTest);
    describeReads(underTest);
    describeSubscriptions(underTest);
    describeCursors(underTest);
  });
}
