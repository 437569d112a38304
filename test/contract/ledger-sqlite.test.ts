import { openTestLedger } from './ledger-sqlite-support.js';
import { describeLedger } from './ledger.contract.js';

describeLedger({
  name: 'SQLite ledger',
  duplicatesWithin: 1_000,
  knowsEveryId: true,
  open: async () => {
    const { ledger, remove } = await openTestLedger();
    return { ledger, cursors: ledger.cursors, close: remove };
  },
});
