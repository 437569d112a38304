import { createMemoryLedger } from '../../ledger/memory/memory-ledger.js';
import { describeLedger } from './ledger.contract.js';

describeLedger({
  name: 'memory ledger',
  duplicatesWithin: 1_000,
  knowsEveryId: true,
  open: () => {
    const ledger = createMemoryLedger();
    return Promise.resolve({ ledger, cursors: ledger.cursors, close: () => Promise.resolve() });
  },
});
