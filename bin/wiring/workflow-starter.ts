import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { OwedCallback } from '../../domain/owed.js';
import type { Lane } from '../../domain/owed.js';
import type { LaneItems } from '../../projections/owed/owed-reads.js';
import { StartUnavailable } from '../../reactor/errors.js';
import type { WorkStarter } from '../../reactor/ports.js';
import type { BatchArguments, CallbackArguments } from '../../workflows/arguments.js';
import {
  BATCH_WORKFLOW,
  batchWorkflowId,
  ITEM_WORKFLOW,
  itemWorkflowId,
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
    async startBatch<L extends Lane>(lane: L, batchId: string, items: readonly LaneItems[L][]) {
      const workflowId = batchWorkflowId(ledgerId, lane, batchId);
      const argument: BatchArguments<LaneItems[L]> = { ledgerId, items, searchAttributes };
      const handle = await start(() => startOnce(client, lane, workflowId, argument, ledgerId));
      return { done: ended(handle) };
    },

    async startItem(lane, item) {
      const id = 'callbackId' in item ? item.callbackId : item.messageId;
      await start(() =>
        client.workflow.start(ITEM_WORKFLOW[lane], {
          workflowId: itemWorkflowId(ledgerId, lane, id),
          taskQueue: taskQueue(ledgerId, lane),
          args: [{ item, searchAttributes, known: null }],
          // The ledger is the guard: what ended does nothing, what runs goes on.
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowExecutionTimeout: '100h',
          staticSummary: `${ITEM_WORKFLOW[lane]} · overdue`,
        }),
      );
    },

    async wakeCallback(item) {
      await start(() =>
        client.workflow.signalWithStart(ITEM_WORKFLOW.callbacks, {
          workflowId: itemWorkflowId(ledgerId, 'callbacks', item.callbackId),
          taskQueue: taskQueue(ledgerId, 'callbacks'),
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
    return await client.workflow.start(BATCH_WORKFLOW[lane], {
      workflowId,
      taskQueue: taskQueue(ledgerId, lane),
      args: [argument],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      // Where a worker shares the connection, the first task comes with the answer: one hop less.
      requestEagerStart: client.connection instanceof NativeConnection,
      // What a stuck batch holds is overdue long before, and gets its own workflows.
      workflowExecutionTimeout: '1h',
      staticSummary: `${BATCH_WORKFLOW[lane]} · ${String(argument.items.length)}`,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return client.workflow.getHandle(workflowId);
    throw error;
  }
}

async function ended(handle: WorkflowHandle): Promise<void> {
  try {
    await handle.result();
  } catch {
    // Failed, terminated, or nobody can say: the lane may go on, the sweep looks after what is left.
  }
}

function isLater(error: unknown): boolean {
  const causes = error instanceof Error ? [error, error.cause] : [];
  return causes.some((cause) => isGrpcServiceError(cause) && LATER.has(cause.code));
}
