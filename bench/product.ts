import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newDataDir, startInstance } from '../test/support/instance/instance.js';
import { waitFor } from '../test/support/wait-for.js';
import type { EventBytes } from './peers/inbound-floor-process.js';
import type { Target } from './peers/load-process.js';
import { profilingEnvironment } from './profiling.js';

/** Where an instance is, and how to sign in there. */
interface Access {
  readonly url: string;
  readonly projectId: string;
  readonly appId: string;
  readonly keyId: string;
  readonly keySecret: string;
}

/** What is measured: a whole optledger in its own process, as `npm start` runs it. */
export interface Product {
  readonly pid: number;
  readonly appId: string;
  readonly inbound: Target;
  readonly sends: Target;
  /** Registers an endpoint for the triggers. */
  register(target: string, triggers: readonly string[]): Promise<void>;
  /** Resolves when the views have folded everything and nothing is owed. */
  drained(): Promise<void>;
  /** The last inbound message as its event stands in the ledger's file. */
  lastInboundEvent(): EventBytes;
  stop(): Promise<void>;
}

/** Starts an instance on a folder of its own. @param profileTo folder for CPU profiles of all its threads */
export async function startProduct(temporalAddress: string, profileTo: string | undefined): Promise<Product> {
  const dataDir = newDataDir();
  const instance = await startInstance({
    dataDir,
    environment: { TEMPORAL_ADDRESS: temporalAddress, LOG_LEVEL: 'warn', ...profilingEnvironment(profileTo) },
  });
  const targets = targetsOf(instance);
  return {
    ...targets,
    pid: instance.pid,
    appId: instance.appId,
    async register(target, triggers) {
      const secret = 'a secret of sixteen bytes or more';
      const webhook = { app_id: instance.appId, target, target_type: 'HTTP', secret, triggers };
      const answer = await instance.call('POST', '/webhooks', webhook);
      if (answer.status !== 200) throw new Error(`the webhook was refused: ${String(answer.status)}`);
    },
    drained: () => drained(instance.url),
    lastInboundEvent: () => lastInboundEvent(join(dataDir, 'ledger.db')),
    stop: async () => {
      await instance.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Where load goes to. */
export function targetsOf(access: Access): { readonly inbound: Target; readonly sends: Target } {
  const { url, projectId, appId, keyId, keySecret } = access;
  const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
  const project = `/v1/projects/${projectId}`;
  return {
    inbound: { url, authorization, path: `${project}/apps/${appId}/inbound/generic` },
    sends: { url, authorization, path: `${project}/messages:send` },
  };
}

const IDLE = [
  'optledger_view_lag_events',
  'optledger_owed{lane="messages"}',
  'optledger_owed{lane="callbacks"}',
];

/** Resolves when nothing is owed and the views have folded everything. */
export async function drained(url: string): Promise<void> {
  const isIdle = async (): Promise<boolean> => {
    const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
    return IDLE.every((name) => lines.includes(`${name} 0`));
  };
  await waitFor('nothing owed', isIdle, 60_000);
}

function lastInboundEvent(file: string): EventBytes {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const row = db
      .prepare(
        `SELECT type, version, data, personal, meta FROM events WHERE type = 'message-received' ORDER BY position DESC LIMIT 1`,
      )
      .get();
    if (row === undefined) throw new Error('no inbound message was recorded');
    return row as unknown as EventBytes;
  } finally {
    db.close();
  }
}
