import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openSimulator, type Simulator } from '../../channels/simulator.js';
import type { Clock } from '../../domain/clock.js';
import { ensureLedger } from '../../ledger/commands/create-ledger.js';
import { START } from '../../ledger/ledger.js';
import { openRootKey, type RootKey } from '../../ledger/keys/root-key.js';
import { loadRootKey } from '../../ledger/keys/root-key-file.js';
import type { Config } from '../config.js';
import { openLedger, type OpenLedger } from './open-ledger.js';
import { newShortId } from '../machine/chance.js';

/** What a process of any role has open: the facts, the key to them, and the simulated phones. */
export interface Store {
  readonly ledger: OpenLedger;
  /** Task queues and workflow ids begin with it. */
  readonly ledgerId: string;
  /** See `ensureLedger`. */
  readonly storeId: string;
  readonly rootKey: RootKey;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

export interface StoreDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

/** @throws LedgerLocked, RootKeyInvalid, WrongRootKey, ForeignLedger, LedgerUrlInvalid, LedgerUnavailable */
export async function openStore({ config, clock, say }: StoreDeps): Promise<Store> {
  for (const file of [config.ledgerFile, config.viewsFile, config.simulatorFile, config.rootKey.ownFile]) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  }
  const ledger = await openLedger({ config, clock, say });
  try {
    return await openBeside({ config, clock }, ledger);
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

async function openBeside(
  { config, clock }: Pick<StoreDeps, 'config' | 'clock'>,
  ledger: OpenLedger,
): Promise<Store> {
  const rootKey = openRootKey(
    loadRootKey({ ...config.rootKey, ledgerIsEmpty: ledger.headPosition() === START }),
  );
  const { ledgerId, storeId } = await ensureLedger({
    ledger,
    cursors: ledger.cursors,
    rootKey,
    clock,
    newId: newShortId,
  });
  const simulator = openSimulator({ file: config.simulatorFile, clock });
  return {
    ...{ ledger, ledgerId, storeId, rootKey, simulator },
    close: async () => {
      simulator.close();
      await ledger.close();
    },
  };
}
