import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openSimulator, type Simulator } from '../channels/simulator.js';
import type { Clock } from '../domain/clock.js';
import { ensureLedger } from '../ledger/create-ledger.js';
import { START } from '../ledger/ledger.js';
import { openRootKey, type RootKey } from '../ledger/root-key.js';
import { loadRootKey } from '../ledger/root-key-file.js';
import { openViews, type Views } from '../projections/views.js';
import type { Config } from './config.js';
import { openLedger, type OpenLedger } from './open-ledger.js';

/** Everything that is kept on this machine, open. */
export interface Store {
  readonly ledger: OpenLedger;
  /** Task queues and workflow ids begin with it. */
  readonly ledgerId: string;
  readonly rootKey: RootKey;
  readonly views: Views;
  readonly simulator: Simulator;
  /** Resolves when the views have folded all that stood in the ledger at the start. */
  readonly folded: Promise<void>;
  /** Rejects when the views can fold no further; they then stand still. */
  readonly folding: Promise<void>;
  close(): Promise<void>;
}

interface StoreDeps {
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
    return await openBeside({ config, clock, say }, ledger);
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

async function openBeside({ config, clock, say }: StoreDeps, ledger: OpenLedger): Promise<Store> {
  const rootKey = openRootKey(
    loadRootKey({ ...config.rootKey, ledgerIsEmpty: ledger.headPosition() === START }),
  );
  const newId = (): string => randomBytes(4).toString('hex');
  const { ledgerId } = await ensureLedger({ ledger, cursors: ledger.cursors, rootKey, clock, newId });
  const views = await openViews({
    file: config.viewsFile,
    ledger,
    onRebuild: (position) => {
      say(`Views: folding the ledger anew, at ${String(position)} of ${String(ledger.headPosition())}`);
    },
  });
  const simulator = openSimulator({ file: config.simulatorFile, clock });
  const stop = new AbortController();
  const folding = views.run(stop.signal);
  return {
    ...{ ledger, ledgerId, rootKey, views, simulator, folding },
    folded: Promise.race([views.passed(ledger.headPosition(), 3_600_000), folding]),
    close: async () => {
      stop.abort();
      await folding.catch(() => undefined);
      views.close();
      simulator.close();
      await ledger.close();
    },
  };
}
