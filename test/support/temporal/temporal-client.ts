import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection, type WorkflowExecutionInfo } from '@temporalio/client';
import { LEADER_WORKFLOW } from '../../../workflows/names.js';
import { atOnce } from '../at-once.js';

/** The Temporal of an instance as an operator reaches it, beside the instance's own connection. */
export interface OperatorsTemporal {
  readonly client: Client;
  /** Every workflow that a visibility query names. */
  list(query: string): Promise<WorkflowExecutionInfo[]>;
  count(query: string): Promise<number>;
  close(): Promise<void>;
}

const OPEN = "ExecutionStatus = 'Running'";
/** Work under way: the workflow that says which reactor leads never ends. */
export const RUNNING = `${OPEN} AND WorkflowType != '${LEADER_WORKFLOW}'`;

/** host:port of the server that an instance started beside its ledger, or that its roles share. */
export function temporalAddress(dataDir: string): string {
  const pid = readFileSync(join(dataDir, 'temporal.db.pid'), 'utf8').trim();
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return `127.0.0.1:${words[words.indexOf('--port') + 1] ?? ''}`;
}

export async function connectTemporal(address: string): Promise<OperatorsTemporal> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  return {
    client,
    async list(query) {
      const found: WorkflowExecutionInfo[] = [];
      for await (const workflow of client.workflow.list({ query })) found.push(workflow);
      return found;
    },
    count: async (query) => (await client.workflow.count(query)).count,
    close: () => connection.close(),
  };
}

/** Ends every open workflow, the leadership's too, and also those that are started meanwhile. @returns how many */
export async function terminateAll(temporal: OperatorsTemporal): Promise<number> {
  const ended = new Set<string>();
  for (let open = await temporal.list(OPEN); open.length > 0; open = await temporal.list(OPEN)) {
    await atOnce(open.length, async (n) => {
      const { workflowId = '', runId } = open[n] ?? {};
      // One that ended by itself in between is as good.
      const terminated = temporal.client.workflow.getHandle(workflowId, runId).terminate();
      await terminated.then(
        () => ended.add(workflowId),
        () => undefined,
      );
    });
  }
  return ended.size;
}
