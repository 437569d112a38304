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
import { LANES, type Lane } from '../../domain/owed.js';
import { taskQueue } from '../../workflows/names.js';
import { keepWorker, type KeptWorker } from './keep-worker.js';
import type { TemporalTimes } from './times.js';

export interface TemporalWorkersDeps {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly ledgerId: string;
  readonly activities: Pick<AllActivities, 'messages' | 'callbacks'>;
  /** Code from `loadWorkflowBundle`. */
  readonly bundle: string;
  readonly logger: Logger;
  readonly times: Pick<TemporalTimes, 'worker'>;
}

/** One worker per lane: a slow webhook never takes a place from a confirmation. */
export interface TemporalWorkers {
  /** True when both poll. */
  running(): boolean;
  /** Takes no more work and resolves when what is under way has ended, within 9 s. */
  stop(): Promise<void>;
}

const GRACE = { shutdownGraceTime: '7s', shutdownForceTime: '9s' } as const;
/** Measured on two cores; workflows are short, and those that wait are replayed when their time comes. */
const SIZES = { maxConcurrentActivityTaskExecutions: 200, maxCachedWorkflows: 300 } as const;

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
  const workers: KeptWorker[] = [];
  for (const lane of LANES) {
    const onBroken = (err: unknown): void => {
      deps.logger.error({ err, lane }, 'a Temporal worker broke');
    };
    try {
      workers.push(await keepWorker(() => createWorker(deps, lane), deps.times.worker, onBroken));
    } catch (error) {
      // Those that run already would keep the connection from being closed.
      await stopAll(workers);
      throw error;
    }
  }
  return {
    running: () => workers.every((worker) => worker.running()),
    stop: () => stopAll(workers),
  };
}

async function stopAll(workers: readonly KeptWorker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
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
