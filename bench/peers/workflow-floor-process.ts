import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { answerCalls } from '../calls.js';
import { monotonicMs } from '../monotonic.js';

// The floor of whatever is done durably: one workflow with one activity that does nothing, on the same server.

interface Started {
  readonly client: Client;
  readonly taskQueue: string;
}
let started: Started | undefined;

/** Connects and lets a worker run. @param address of the Temporal server */
async function connect(address: string): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address });
  const taskQueue = `floor-${randomUUID()}`;
  const workflowsPath = join(import.meta.dirname, 'floor-workflow.ts');
  if (!existsSync(workflowsPath)) throw new Error(`no ${workflowsPath}`);
  const worker = await Worker.create({
    ...{ connection, taskQueue, workflowsPath },
    activities: { doNothing: async () => undefined },
    maxCachedWorkflows: 300,
    maxConcurrentActivityTaskExecutions: 200,
  });
  worker.run().catch((error: unknown) => {
    throw error;
  });
  started = { client: new Client({ connection }), taskQueue };
}

/** @returns how many ended per second, and how long each took (ms) */
async function run({ amount, atOnce }: { amount: number; atOnce: number }): Promise<{
  readonly rate: number;
  readonly tookMs: readonly number[];
}> {
  if (started === undefined) throw new Error('not connected');
  const { client, taskQueue } = started;
  const tookMs: number[] = [];
  let left = amount;
  const loop = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const beganMs = monotonicMs();
      await client.workflow.execute('oneActivity', { taskQueue, workflowId: `floor:${randomUUID()}` });
      tookMs.push(monotonicMs() - beganMs);
    }
  };
  const beganMs = monotonicMs();
  await Promise.all(Array.from({ length: atOnce }, loop));
  return { rate: (amount * 1000) / (monotonicMs() - beganMs), tookMs };
}

const calls = { connect, run };
export type WorkflowFloorCalls = typeof calls;
answerCalls(calls);
