import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { WorkStarter } from '../../reactor/ports.js';
import { createWorkflowStarter, type CallbackWaker } from '../wiring/workflow-starter.js';
import { namespaceAdmin, prepareNamespace } from './temporal-namespace.js';
import type { TemporalTimes } from './times.js';
import { watchTemporal, type TemporalWatch } from './temporal-watch.js';

const RETENTION_HOURS = 72;

/** A process's way to Temporal. */
export interface TemporalLink {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly client: Client;
  readonly starter: WorkStarter & CallbackWaker;
  readonly watch: TemporalWatch;
  close(): Promise<void>;
}

interface LinkDeps {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  readonly ledgerId: string;
  /** Whether the server is a child of ours. */
  readonly isOurs: boolean;
  readonly times: Pick<TemporalTimes, 'connectMs' | 'watchEveryMs'>;
  readonly say: (line: string) => void;
}

/** @throws when the server cannot be reached, or when it refuses what we need */
export async function linkTemporal(deps: LinkDeps): Promise<TemporalLink> {
  const { address, namespace, ledgerId } = deps;
  const searchAttributes = await prepare(deps);
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const watch = watchTemporal(address, deps.times.watchEveryMs);
  return {
    ...{ connection, namespace, client, watch },
    starter: createWorkflowStarter({ client, ledgerId, searchAttributes }),
    close: async () => {
      await Promise.all([watch.stop(), connection.close()]);
    },
  };
}

/** Retention and search attributes. @returns whether workflows may carry the attributes */
async function prepare({ address, namespace, isOurs, times, say }: LinkDeps): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: times.connectMs });
  try {
    // A shared cluster's retention is its owner's business.
    const retention = isOurs ? { retentionHours: RETENTION_HOURS } : {};
    const { searchAttributes, reason } = await prepareNamespace(
      namespaceAdmin(connection, namespace),
      retention,
    );
    if (!searchAttributes) {
      say(
        `! Temporal refuses our search attributes (${reason ?? 'unknown'}): waiting work cannot be searched for`,
      );
    }
    return searchAttributes;
  } finally {
    await connection.close();
  }
}
