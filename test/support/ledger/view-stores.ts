import { join } from 'node:path';
import type { Instance } from '../instance/instance.js';
import { eachEvent } from './ledger-file.js';
import { metric } from '../metrics.js';
import type { Topology } from '../topology/topology.js';
import { waitFor } from '../wait-for.js';

/** A folder whose views answer requests, and what a command about it has to be told. */
export interface ViewStore {
  readonly dataDir: string;
  readonly viewsFile: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The instance's own folder; on roles one of each API process. */
export function viewStoresOf({ dataDir, topology }: Instance): readonly ViewStore[] {
  const folders = topology?.of('api').map((api) => api.dataDir) ?? [dataDir];
  const environment = topology?.engines.environment ?? {};
  return folders.map((folder) => ({ dataDir: folder, viewsFile: join(folder, 'views.db'), environment }));
}

/**
 * Stops an instance; resolves with its exit code. On roles in an order that leaves every views file at the ledger's
 * end, as one process does by itself: first who writes, then, once they have folded it all, who answers.
 */
export async function stopFolded({ dataDir, topology, stop }: Instance): Promise<number | null> {
  if (topology !== undefined) {
    const writers = [...topology.of('reactor'), ...topology.of('worker')];
    await Promise.all(writers.map((one) => one.stop()));
    await allFolded(topology, dataDir);
  }
  return stop();
}

async function allFolded(topology: Topology, dataDir: string): Promise<void> {
  let end = 0n;
  await eachEvent(dataDir, ({ position }) => {
    end = position;
  });
  for (const api of topology.of('api')) {
    await waitFor(`${api.name} has folded the ledger's last event`, async () => {
      const known = await metric(api, 'optledger_ledger_position');
      return known - (await metric(api, 'optledger_view_lag_events')) >= Number(end);
    });
  }
}
