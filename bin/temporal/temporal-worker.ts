import { setTimeout as pause } from 'node:timers/promises';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type NativeConnection,
  type Logger as TemporalLogger,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import type { AllActivities } from '../../activities/index.js';
import { taskQueue, type Lane } from '../../workflows/names.js';

export interface TemporalWorkersDeps {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly ledgerId: string;
  readonly activities: Pick<AllActivities, 'messages' | 'callbacks'>;
  /** Code from `loadWorkflowBundle`. */
  readonly bundle: string;
  readonly logger: Logger;
}

/** One worker per lane: a slow webhook never takes a place from a confirmation. */
export interface TemporalWorkers {
  /** True when both poll. */
  running(): boolean;
  /** Takes no more work and resolves when what is under way has ended, within 9 s. */
  stop(): Promise<void>;
}

const LANES: readonly Lane[] = ['messages', 'callbacks'];
const GRACE = { shutdownGraceTime: '7s', shutdownForceTime: '9s' } as const;
/** Measured on two cores; workflows are short, and those that wait are replayed when their time comes. */
const SIZES = { maxConcurrentActivityTaskExecutions: 200, maxCachedWorkflows: 300 } as const;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 30_000;

/**
 * Sets the SDK up for this process: our log, and signals left to us. Once, before the first connection.
 */
export function installTemporalRuntime(logger: Logger): void {
  Runtime.install({
    shutdownSignals: [],
    logger: temporalLogger(logger),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
  });
}

/** Temporal's log lines as ours. Workflows carry ids only, so nothing personal comes along. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  return new DefaultLogger('INFO', ({ level, message, meta }) => {
    logger[levels[level]]({ temporal: meta }, message);
  });
}

/** Starts both workers; one that breaks is made again. @throws when the first ones cannot be made */
export async function startTemporalWorkers(deps: TemporalWorkersDeps): Promise<TemporalWorkers> {
  const stopping = new AbortController();
  const workers = new Map<Lane, Worker>();
  for (const lane of LANES) workers.set(lane, await createWorker(deps, lane));
  const runs = LANES.map(async (lane) => keepRunning(deps, lane, workers, stopping.signal));
  return {
    running: () => LANES.every((lane) => workers.get(lane)?.getState() === 'RUNNING'),
    async stop() {
      stopping.abort();
      for (const worker of workers.values()) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(runs);
    },
  };
}

function createWorker(deps: TemporalWorkersDeps, lane: Lane): Promise<Worker> {
  const { connection, namespace, ledgerId, activities, bundle } = deps;
  return Worker.create({
    ...{ connection, namespace, ...GRACE, ...SIZES },
    taskQueue: taskQueue(ledgerId, lane),
    workflowBundle: { code: bundle },
    activities: activities[lane],
  });
}

/** A worker that cannot poll gives up after about a minute; a dead one must not go unnoticed, nor stay dead. */
async function keepRunning(
  deps: TemporalWorkersDeps,
  lane: Lane,
  workers: Map<Lane, Worker>,
  stopping: AbortSignal,
): Promise<void> {
  for (
    let backOff = FIRST_BACK_OFF_MS;
    !stopping.aborted;
    backOff = Math.min(backOff * 2, LONGEST_BACK_OFF_MS)
  ) {
    try {
      const worker = workers.get(lane) ?? (await createWorker(deps, lane));
      workers.set(lane, worker);
      // Asked to stop while it was made: it has to run to let go of the connection.
      await (stopping.aborted ? worker.runUntil(Promise.resolve()) : worker.run());
      return;
    } catch (error) {
      deps.logger.error({ err: error, lane }, 'a Temporal worker broke');
      workers.delete(lane);
      await pause(backOff, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
