import type { CallbackHurry } from '../../api/deps.js';
import type { Position } from '../../ledger/ledger.js';
import type { Views } from '../../projections/views.js';
import type { EffectsDeps } from './effects.js';
import { runElectedReactor, runReactor, type ReactorSide } from './reactor-side.js';
import type { Role } from './roles.js';
import type { Phase, ShutdownTimes } from './shutdown.js';
import { startTemporalChild, type TemporalChild } from '../temporal/temporal-child.js';
import { linkTemporal, type TemporalLink } from '../temporal/temporal-link.js';
import { temporalLogger } from '../temporal/temporal-worker.js';
import { runWorker, type WorkerSide } from './worker-side.js';
import { loadWorkflowBundle } from './workflow-bundle.js';

/** What of the owed work this process does: its way to Temporal, and its worker and reactor where it has them. */
export interface Engine {
  readonly uiUrl: string | null;
  /** Parts that do not run, for `/health/ready`. */
  missing(): string[];
  /** Whether this process is the reactor. */
  leading(): boolean;
  /** How far a lane has handed over; undefined where another process does that. */
  reactorPosition(lane: 'messages' | 'callbacks'): Position | undefined;
  /** For those who cannot wait until the next attempt. */
  readonly callbackHurry: CallbackHurry;
  /** Its part of the way down, in order. */
  phases(): Phase[];
}

export interface EngineDeps extends EffectsDeps {
  readonly role: Role;
  /** What the reactor reads; undefined where there is none. */
  readonly views: Views | undefined;
  readonly say: (line: string) => void;
}

interface Parts {
  readonly child: TemporalChild | undefined;
  readonly link: TemporalLink;
  readonly worker: WorkerSide | undefined;
  readonly reactor: ReactorSide | undefined;
}

/** @throws when Temporal cannot be had or reached, or when it refuses what we need */
export async function startEngine(deps: EngineDeps): Promise<Engine> {
  const { config, logger, say, store, policy } = deps;
  const { temporal: times } = policy;
  const log = (line: string): void => {
    logger.debug({ line }, 'Temporal server');
  };
  const { address: given, namespace, uiUrl } = config.temporal;
  const child = given === undefined ? await startTemporalChild({ config, say, log, times }) : undefined;
  const address = child?.address ?? given ?? '';
  const isOurs = child !== undefined;
  let link: TemporalLink | undefined;
  try {
    link = await linkTemporal({ address, namespace, isOurs, ledgerId: store.ledgerId, times, say });
    const sides = await startSides(deps, link, child?.beganEmpty === true);
    return engineOf({ child, link, ...sides }, child?.uiUrl ?? uiUrl ?? null, policy.shutdown);
  } catch (error) {
    await link?.close();
    await child?.stop();
    throw error;
  }
}

async function startSides(
  deps: EngineDeps,
  link: TemporalLink,
  memoryLost: boolean,
): Promise<Pick<Parts, 'worker' | 'reactor'>> {
  const { role, views, store, clock, logger, policy } = deps;
  if (!role.worker && !role.reactor) return { worker: undefined, reactor: undefined };
  const bundle = await loadWorkflowBundle(temporalLogger(logger));
  const worker = role.worker ? await runWorker({ ...deps, link, bundle }) : undefined;
  if (!role.reactor || views === undefined) return { worker, reactor: undefined };
  const { ledger, ledgerId } = store;
  const reactorDeps = { ledger, ledgerId, views, link, clock, memoryLost, bundle, logger, policy };
  // A file is one process's alone; a server may have any number of them.
  const isShared = deps.config.ledgerServer !== undefined;
  try {
    return { worker, reactor: await (isShared ? runElectedReactor : runReactor)(reactorDeps) };
  } catch (error) {
    await worker?.stop();
    await worker?.close();
    throw error;
  }
}

function engineOf(
  { child, link, worker, reactor }: Parts,
  uiUrl: string | null,
  limits: ShutdownTimes,
): Engine {
  const reactorFault = (): string[] => {
    const cause = reactor?.cause() ?? null;
    return cause === null ? [] : [`reactor (${cause})`];
  };
  return {
    uiUrl,
    missing: () => [
      ...(link.watch.reachable() ? [] : ['temporal']),
      ...(worker?.running() === false ? ['worker'] : []),
      ...reactorFault(),
    ],
    leading: () => reactor?.leading() === true,
    reactorPosition: (lane) => reactor?.position(lane),
    callbackHurry: {
      reachable: () => link.watch.ask(),
      wake: (item) => link.starter.wakeCallback(item),
    },
    phases: () => [
      { name: 'reactor', limitMs: limits.reactorMs, run: () => reactor?.stop() ?? Promise.resolve() },
      { name: 'worker', limitMs: limits.workerMs, run: () => worker?.stop() ?? Promise.resolve() },
      { name: 'clients', limitMs: limits.clientsMs, run: () => Promise.all([worker?.close(), link.close()]) },
      { name: 'temporal', limitMs: limits.temporalMs, run: () => child?.stop() ?? Promise.resolve() },
    ],
  };
}
