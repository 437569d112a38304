import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { idOf, KIND_OF_LANE, laneOf, type Lane, type OwedCallback } from '../../domain/owed.js';
import { StartUnavailable } from '../../reactor/errors.js';
import type { BatchEnd, WorkStarter } from '../../reactor/ports.js';
import type { BatchArguments, BatchResult, CallbackArguments } from '../../workflows/arguments.js';
import {
  BATCH_WORKFLOW,
  batchWorkflowId,
  ITEM_WORKFLOW,
  itemWorkflowId,
  queueOf,
  taskQueue,
  WAKE_SIGNAL,
} from '../../workflows/names.js';
import { systemClock } from '../machine/system-clock.js';

export interface WorkflowStarterDeps {
  readonly client: Client;
  readonly ledgerId: string;
  /** True when the namespace knows our search attributes. */
  readonly searchAttributes: boolean;
}

export interface CallbackWaker {
  /**
   * Has the callback's own workflow, a new one where none runs, look at once at what the ledger wants.
   * @throws StartUnavailable
   */
  wakeCallback(item: OwedCallback): Promise<void>;
}

const START_MS = 10_000;
/** gRPC's numbers of CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, UNAVAILABLE. */
const LATER = new Set([1, 4, 8, 10, 14]);

/** Starts workflows for the reactor. See docs/adr/004 and 005 for why these policies. */
export function createWorkflowStarter({
  client,
  ledgerId,
  searchAttributes,
}: WorkflowStarterDeps): WorkStarter & CallbackWaker {
  const start = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await client.connection.withDeadline(systemClock.now() + START_MS, work);
    } catch (error) {
      throw isLater(error) ? new StartUnavailable('Temporal does not answer') : error;
    }
  };

  return {
    async startBatch(lane, batchId, items) {
      const workflowId = batchWorkflowId(ledgerId, lane, batchId);
      const argument: BatchArguments<unknown> = { ledgerId, items, searchAttributes };
      const handle = await start(() => startOnce(client, lane, workflowId, argument, ledgerId));
      return { done: ended(handle) };
    },

    async startItem(item) {
      const lane = laneOf(item);
      const kind = KIND_OF_LANE[lane];
      await start(() =>
        client.workflow.start(ITEM_WORKFLOW[kind], {
          workflowId: itemWorkflowId(ledgerId, kind, idOf(item)),
          taskQueue: taskQueue(ledgerId, queueOf(lane)),
          args: [{ item, searchAttributes, known: null }],
          // The ledger is the guard: what ended does nothing, what runs goes on.
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowExecutionTimeout: '100h',
          staticSummary: `${ITEM_WORKFLOW[kind]} · overdue`,
        }),
      );
    },

    async wakeCallback(item) {
      await start(() =>
        client.workflow.signalWithStart(ITEM_WORKFLOW.callbacks, {
          workflowId: itemWorkflowId(ledgerId, 'callbacks', item.callbackId),
          taskQueue: taskQueue(ledgerId, queueOf(laneOf(item))),
          args: [{ item, searchAttributes, known: null } satisfies CallbackArguments],
          signal: WAKE_SIGNAL,
          signalArgs: [],
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowExecutionTimeout: '100h',
          staticSummary: `${ITEM_WORKFLOW.callbacks} · asked for`,
        }),
      );
    },
  };
}

async function startOnce(
  client: Client,
  lane: Lane,
  workflowId: string,
  argument: BatchArguments<unknown>,
  ledgerId: string,
): Promise<WorkflowHandle> {
  try {
    return await client.workflow.start(BATCH_WORKFLOW[KIND_OF_LANE[lane]], {
      workflowId,
      taskQueue: taskQueue(ledgerId, queueOf(lane)),
      args: [argument],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      // Where a worker shares the connection, the first task comes with the answer: one hop less.
      requestEagerStart: client.connection instanceof NativeConnection,
      // What a stuck batch holds is overdue long before, and gets its own workflows.
      workflowExecutionTimeout: '1h',
      staticSummary: `${BATCH_WORKFLOW[KIND_OF_LANE[lane]]} · ${String(argument.items.length)}`,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return client.workflow.getHandle(workflowId);
    throw error;
  }
}

/** Never rejects. */
async function ended(handle: WorkflowHandle): Promise<BatchEnd> {
  try {
    // A batch of an earlier version told a summary only, and left nothing behind.
    const result = (await handle.result()) as BatchResult | string;
    return { untried: typeof result === 'string' ? [] : result.untried };
  } catch {
    // Terminated, or not to be asked: what became of its items, the ledger says in time.
    return { untried: null };
  }
}

function isLater(error: unknown): boolean {
  const causes = error instanceof Error ? [error, error.cause] : [];
  return causes.some((cause) => isGrpcServiceError(cause) && LATER.has(cause.code));
}
