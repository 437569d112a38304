import { afterAll, beforeAll, describe } from 'vitest';
import { describeAppend } from './ledger-append.contract.js';
import { describeCursors } from './ledger-cursors.contract.js';
import { describeDuplicates } from './ledger-duplicates.contract.js';
import { describeReads } from './ledger-read.contract.js';
import { describeSubscriptions } from './ledger-subscribe.contract.js';
import type { LedgerUnderTest, OpenLedger } from './ledger-support.js';

/**
 * Everything that every ledger keeps to, whatever it stands on. The tests share one ledger, which may hold
 * events of others: each uses streams of its own and positions after its own start.
 */
export function describeLedger({ name, open, duplicatesWithin, knowsEveryId }: LedgerUnderTest): void {
  describe(name, () => {
    let opened: Awaited<ReturnType<typeof open>> | undefined;
    const use = (): OpenLedger => {
      if (opened === undefined) throw new Error('not open yet');
      return opened;
    };
    const underTest: OpenLedger = {
      get ledger() {
        return use().ledger;
      },
      get cursors() {
        return use().cursors;
      },
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());

    describeAppend(underTest);
    describeDuplicates(underTest, { duplicatesWithin, knowsEveryId });
    describeReads(underTest);
    describeSubscriptions(underTest);
    describeCursors(underTest);
  });
}
