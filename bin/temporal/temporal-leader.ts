import { ApplicationFailure, Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { LeadershipActivities } from '../../workflows/leadership.js';
import { LEADER_WORKFLOW, leaderId } from '../../workflows/names.js';
import { keepWorker } from './keep-worker.js';
import type { TemporalTimes } from './times.js';
import type { TemporalLink } from './temporal-link.js';

/**
 * Places for the one activity there is, and polls that wait for it: a queue has several partitions, and a task is
 * handed on between them the sooner the more of them are polled.
 */
const PLACES = 8;

/** One time of leading. */
export interface Term {
  /** Resolves when another process leads. */
  readonly over: Promise<void>;
  end(): Promise<void>;
}

/** A process that leads, or stands by. */
export interface Candidate {
  /** True while it waits for its turn, or leads. */
  standing(): boolean;
  /** Ends its term first, so that another process begins at once. */
  stop(): Promise<void>;
}

interface CandidateDeps {
  readonly link: TemporalLink;
  readonly ledgerId: string;
  /** Code from `loadWorkflowBundle`. */
  readonly bundle: string;
  readonly logger: Logger;
  /** Called when it is this process's turn. What it throws is told to Temporal by its name; the next try may be another process's. */
  readonly beginTerm: () => Promise<Term>;
  readonly times: Pick<TemporalTimes, 'leader' | 'worker'>;
  readonly setTimer: (ms: number, callback: () => void) => () => void;
}

/**
 * Stands for the leadership of a ledger: a heartbeating activity of a workflow of which there is one. Two may believe
 * to lead for some seconds, after a partition or a pause; the cursor lets one of them go on.
 * @throws when Temporal refuses the worker
 */
export async function standForLeader(deps: CandidateDeps): Promise<Candidate> {
  const { link, ledgerId, bundle, logger, setTimer, times } = deps;
  const id = leaderId(ledgerId);
  // After a pause of this process its next term may be given to it before the last one has ended.
  let last: Promise<unknown> = Promise.resolve();
  const activities: LeadershipActivities = {
    leadReactor: () => {
      const term = serveTerm(deps, last);
      last = term.catch(() => undefined);
      return term;
    },
  };
  const worker = await keepWorker(
    () =>
      Worker.create({
        connection: link.connection,
        namespace: link.namespace,
        taskQueue: id,
        workflowBundle: { code: bundle },
        activities: { ...activities },
        maxConcurrentActivityTaskExecutions: PLACES,
        maxCachedWorkflows: 2,
        maxHeartbeatThrottleInterval: times.leader.beatMs,
        // Told at once to end its term; what that takes is bounded by the reactor's own limits.
        shutdownGraceTime: 0,
        shutdownForceTime: '5s',
      }),
    times.worker,
    (err) => {
      logger.error({ err }, 'the worker that stands for leader broke');
    },
  );

  let callOff: () => void = () => undefined;
  let stopped = false;
  async function ask(): Promise<void> {
    try {
      await link.client.workflow.start(LEADER_WORKFLOW, {
        workflowId: id,
        taskQueue: id,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: 'who runs its activity is the reactor',
      });
    } catch {
      // Temporal does not answer, which health tells; it is asked again.
    }
    if (!stopped) callOff = setTimer(times.leader.askEveryMs, () => void ask());
  }
  await ask();

  return {
    standing: () => worker.running(),
    async stop() {
      stopped = true;
      callOff();
      await worker.stop();
    },
  };
}

async function serveTerm(
  { beginTerm, logger, times }: CandidateDeps,
  last: Promise<unknown>,
): Promise<never> {
  const context = Context.current();
  context.heartbeat();
  const beat = setInterval(() => {
    context.heartbeat();
  }, times.leader.beatMs);
  try {
    await last;
    const term = await beginTerm();
    logger.info('this process is the reactor now');
    try {
      await Promise.race([term.over, aborted(context.cancellationSignal)]);
    } finally {
      await term.end();
      logger.info('this process is the reactor no more');
    }
  } catch (error) {
    throw ApplicationFailure.create({
      type: error instanceof Error ? error.name : 'unknown',
      message: 'could not begin as the reactor',
      nextRetryDelay: '5s',
    });
  } finally {
    clearInterval(beat);
  }
  throw ApplicationFailure.create({ type: 'SteppedDown', message: 'another process is to be the reactor' });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
