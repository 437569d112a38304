import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';

/** Longer than any schedule of attempts (82 h 45 m); the sweep begins anew where something is still owed then. */
const LIFE = '100h';

export interface OwnWorkflow {
  readonly type: string;
  readonly workflowId: string;
  /** At most 200 bytes, nothing personal. */
  readonly summary: string;
  readonly argument: unknown;
}

/** Starts the item's own workflow, which outlives this one; that it runs already is as good. */
export async function startOwn({ type, workflowId, summary, argument }: OwnWorkflow): Promise<void> {
  try {
    await startChild(type, {
      workflowId,
      args: [argument],
      staticSummary: summary,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowExecutionTimeout: LIFE,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
