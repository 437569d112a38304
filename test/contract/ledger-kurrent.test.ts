import { randomUUID } from 'node:crypto';
import { openKurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import { startFakeKurrent } from '../support/kurrent/fake-server.js';
import { describeLedger } from './ledger.contract.js';

const clock = { now: () => Date.now() };

describeLedger({
  name: 'KurrentDB ledger on a fake server',
  duplicatesWithin: 256,
  knowsEveryId: false,
  open: async () => {
    const server = await startFakeKurrent();
    const ledger = await openKurrentLedger({ url: server.url, clock, newId: randomUUID });
    return {
      ledger,
      cursors: ledger.cursors,
      close: async () => {
        await ledger.close();
        await server.stop();
      },
    };
  },
});
