import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTemporalServer, type TemporalServer } from '../../../bin/temporal/temporal-server.js';
import { startFakeKurrentProcess, type FakeKurrentProcess } from '../kurrent/fake-process.js';

/** What the processes of a topology share, and what outlives them: a ledger server, Temporal, a root key. */
export interface Engines {
  readonly ledger: FakeKurrentProcess;
  readonly temporal: {
    readonly address: string;
    readonly uiUrl: string;
    stop(): Promise<void>;
    /** On the same file and ports. */
    start(): Promise<void>;
  };
  /** What every role is told. */
  readonly environment: Readonly<Record<string, string>>;
}

const known = new Map<string, Promise<Engines>>();

/** The engines of a data folder; started when it is seen first, and left running until this process ends. */
export function enginesOf(folder: string): Promise<Engines> {
  const engines = known.get(folder) ?? startEngines(folder);
  known.set(folder, engines);
  return engines;
}

async function startEngines(folder: string): Promise<Engines> {
  const rootKey = join(folder, 'root.key');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(rootKey)) writeFileSync(rootKey, randomBytes(32).toString('base64'), { mode: 0o600 });
  const [ledger, temporal] = await Promise.all([startFakeKurrentProcess(), startTemporal(folder)]);
  return {
    ledger,
    temporal,
    environment: {
      LEDGER_URL: ledger.url,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_UI_URL: temporal.uiUrl,
      ROOT_KEY_FILE: rootKey,
      SIMULATOR_FILE: join(folder, 'simulator.db'),
    },
  };
}

async function startTemporal(folder: string): Promise<Engines['temporal']> {
  const options = {
    executable: process.env['TEMPORAL_EXECUTABLE'] ?? '',
    dbFile: join(folder, 'temporal.db'),
  };
  let server: TemporalServer = await startTemporalServer(options);
  const { address, uiUrl } = server;
  const portOf = (text: string): number => Number(text.slice(text.lastIndexOf(':') + 1));
  return {
    ...{ address, uiUrl },
    stop: () => server.stop(),
    async start() {
      server = await startTemporalServer({ ...options, port: portOf(address), uiPort: portOf(uiUrl) });
    },
  };
}
