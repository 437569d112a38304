import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';

/** This is longer than any schedule of attempts (82 h 45 m). Where something is still owed then, the sweep begins anew. */
const LIFE = '100h';

export interface OwnWorkflow {
  readonly type: string;
  readonly workflowId: string;
  /** Text of at most 200 bytes for the operator, with nothing personal in it. */
  readonly summary: string;
  readonly argument: unknown;
}

/** Starts the item's own workflow, which outlives this one; one that runs already is as good. */
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
