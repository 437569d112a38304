import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { CallbackHurry } from '../api/deps.js';
import type { Position } from '../ledger/ledger.js';
import { createReactor, type Reactor } from '../reactor/reactor.js';
import type { Config } from './config.js';
import { createEffects, type Effects, type EffectsDeps } from './effects.js';
import { setTimer } from './set-timer.js';
import type { Phase } from './shutdown.js';
import type { Store } from './store.js';
import { startTemporalChild, type TemporalChild } from './temporal/temporal-child.js';
import { namespaceAdmin, prepareNamespace } from './temporal/temporal-namespace.js';
import { startTemporalWorkers, temporalLogger, type TemporalWorkers } from './temporal/temporal-worker.js';
import { watchTemporal, type TemporalWatch } from './temporal/temporal-watch.js';
import { wakeReactor } from './wake-reactor.js';
import { loadWorkflowBundle } from './workflow-bundle.js';
import { createWorkflowStarter, type CallbackWaker } from './workflow-starter.js';

/** What does the owed work: Temporal, its workers and the reactor. */
export interface Engine {
  readonly uiUrl: string | null;
  /** Parts that do not run, for `/health/ready`. */
  missing(): string[];
  /** How far a lane has handed over. */
  reactorPosition(lane: 'messages' | 'callbacks'): Position;
  /** For those who cannot wait until the next attempt. */
  readonly callbackHurry: CallbackHurry;
  /** Its part of the way down, in order. */
  phases(): Phase[];
}

export interface EngineDeps extends EffectsDeps {
  readonly say: (line: string) => void;
}

const RETENTION_HOURS = 72;

interface Parts {
  readonly child: TemporalChild | undefined;
  readonly connection: NativeConnection;
  readonly workers: TemporalWorkers;
  readonly reactor: Reactor;
  readonly effects: Effects;
  readonly watch: TemporalWatch;
  readonly stopWaking: () => void;
  readonly starter: CallbackWaker;
}

/** @throws when Temporal cannot be had or reached, or when it refuses what we need */
export async function startEngine(deps: EngineDeps): Promise<Engine> {
  const { config, logger, say, store } = deps;
  const log = (line: string): void => {
    logger.debug({ line }, 'Temporal server');
  };
  const { address: given, namespace } = config.temporal;
  const child = given === undefined ? await startTemporalChild({ config, say, log }) : undefined;
  const address = child?.address ?? given ?? '';
  try {
    const searchAttributes = await prepare(address, namespace, child !== undefined, say);
    const connection = await NativeConnection.connect({ address });
    const bundle = await loadWorkflowBundle(temporalLogger(logger));
    const effects = createEffects(deps);
    const { ledgerId } = store;
    const { activities } = effects;
    const workers = await startTemporalWorkers({
      connection,
      namespace,
      ledgerId,
      activities,
      bundle,
      logger,
    });
    const client = new Client({ connection, namespace });
    const starter = createWorkflowStarter({ client, ledgerId, searchAttributes });
    const reactor = createReactor({
      owed: store.views.owed,
      cursors: store.ledger.cursors,
      starter,
      clock: deps.clock,
      setTimer,
      memoryLost: child?.beganEmpty === true,
    });
    await reactor.start();
    const stopWaking = wakeReactor({
      onAppended: (listener) => store.ledger.onAppended(listener),
      headPosition: () => store.ledger.headPosition(),
      passed: (position) => store.views.passed(position, 60_000),
      wake: () => {
        reactor.wake();
      },
    });
    const watch = watchTemporal(address);
    const parts = { child, connection, workers, reactor, effects, watch, stopWaking, starter };
    return engineOf(parts, config, store.views);
  } catch (error) {
    await child?.stop();
    throw error;
  }
}

/** Retention and search attributes. @returns whether workflows may carry the attributes */
async function prepare(
  address: string,
  namespace: string,
  isOurs: boolean,
  say: (line: string) => void,
): Promise<boolean> {
  const connection = await Connection.connect({ address });
  try {
    // A shared cluster's retention is its owner's business.
    const retention = isOurs ? { retentionHours: RETENTION_HOURS } : {};
    const { searchAttributes, reason } = await prepareNamespace(
      namespaceAdmin(connection, namespace),
      retention,
    );
    if (!searchAttributes) {
      say(
        `! Temporal refuses our search attributes (${reason ?? 'unknown'}): waiting work cannot be searched for`,
      );
    }
    return searchAttributes;
  } finally {
    await connection.close();
  }
}

function engineOf(parts: Parts, config: Config, views: Store['views']): Engine {
  const { child, connection, workers, reactor, effects, watch, stopWaking, starter } = parts;
  return {
    uiUrl: child?.uiUrl ?? config.temporal.uiUrl ?? null,
    missing: () => [
      ...(watch.reachable() ? [] : ['temporal']),
      ...(workers.running() ? [] : ['worker']),
      ...(reactor.status().ready ? [] : [`reactor (${reactor.status().cause ?? 'unknown'})`]),
    ],
    reactorPosition: (lane) => {
      const after = reactor.status().after[lane];
      // The cursor moves with batches only: where nothing is owed behind it, the lane has seen all there is.
      return views.owed.after(lane, after, 1).length === 0 ? views.position : after;
    },
    callbackHurry: { reachable: () => watch.ask(), wake: (item) => starter.wakeCallback(item) },
    phases: () => [
      {
        name: 'reactor',
        limitMs: 1_000,
        run: () => {
          stopWaking();
          return reactor.stop();
        },
      },
      {
        name: 'worker',
        limitMs: 7_500,
        run: () =>
          Promise.all([effects.activities.stopNewHandOvers(), effects.poster.abort(3_000), workers.stop()]),
      },
      {
        name: 'clients',
        limitMs: 1_000,
        run: () => Promise.all([effects.close(), watch.stop(), connection.close()]),
      },
      { name: 'temporal', limitMs: 2_500, run: () => child?.stop() ?? Promise.resolve() },
    ],
  };
}
