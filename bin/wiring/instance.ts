import type { OwedCallback } from '../../domain/owed.js';
import { StartUnavailable } from '../../reactor/errors.js';
import { ensureDemoProject, writeDemoFile, type DemoAccess } from '../demo/demo-project.js';
import { startEngine, type Engine, type EngineDeps } from './engine.js';
import { keepEngine, type EngineKeeper } from './engine-keeper.js';
import { foldViews, type FoldedViews } from './folded-views.js';
import { listen, listenForProbes, type HttpSide } from './http-side.js';
import { createMetrics, type Part } from '../metrics/metrics.js';
import { titleOf, ROLES, type Role, type RoleName } from './roles.js';
import { setTimer } from '../machine/set-timer.js';
import { runPhases, type PhaseReport } from './shutdown.js';
import { openStore, type Store } from './store.js';
import { installTemporalRuntime } from '../temporal/temporal-worker.js';

export interface Instance {
  readonly url: string;
  readonly temporalUi: string | null;
  /** Why owed work waits; undefined when everything runs. */
  readonly degraded: string | undefined;
  /** What `demo.json` holds; undefined on a ledger that is somebody's already. */
  readonly demo: DemoAccess | undefined;
  /** Resolves with the cause when the process has to end: the ledger failed, or the views stand still. */
  readonly broken: Promise<unknown>;
  /** The phased way down, within 10 s. Never throws. */
  stop(report: (ended: PhaseReport) => void): Promise<void>;
}

type InstanceDeps = Omit<EngineDeps, 'store' | 'views' | 'role'>;

/**
 * One process: everything, or one role. It listens first: taking a STOP in never waits for Temporal.
 * @throws what opening the store or listening throws; a missing Temporal only degrades
 */
export async function startInstance(deps: InstanceDeps, roleName: RoleName = 'all'): Promise<Instance> {
  const { config, clock, logger, say, policy } = deps;
  const role: Role = ROLES[roleName];
  const store = await openStore(deps);
  const folds = await foldsOf(role, store, deps);
  const state: { serving: boolean; keeper?: EngineKeeper } = { serving: false };
  const engine = (): Engine | undefined => state.keeper?.current();
  const http = await listenAs(role, { ...deps, store, folds, engine, serving: () => state.serving });
  say(`${role.api ? 'API' : 'Health'}: ${http.url}`);
  const demo = role.api ? await ensureDemoProject({ ...store, clock, file: config.demoFile }) : undefined;
  await folds?.folded;
  state.serving = true;
  installTemporalRuntime(logger);
  const writeDemo = (temporalUi: string | null): void => {
    if (demo !== undefined) writeDemoFile(config.demoFile, { url: http.url, ...demo, temporalUi });
  };
  const keeper = await keepEngine({
    times: policy.keeper,
    start: () => startEngine({ ...deps, store, role, views: folds?.views }),
    say,
    setTimer,
    onLateStart: ({ uiUrl }) => {
      writeDemo(uiUrl);
      say(`Temporal runs now: ${titleOf(roleName)} is ready`);
    },
  });
  state.keeper = keeper;
  const temporalUi = engine()?.uiUrl ?? null;
  writeDemo(temporalUi);
  return {
    ...{ url: http.url, temporalUi, demo, degraded: keeper.cause() },
    broken: brokenOf(store, folds),
    stop: (report) =>
      runPhases(
        [
          { name: 'intake', limitMs: policy.shutdown.intakeMs, run: () => http.app.close() },
          ...keeper.phases(),
          {
            name: 'store',
            limitMs: policy.shutdown.storeMs,
            run: async () => {
              await folds?.close();
              await store.close();
            },
          },
        ],
        () => clock.now(),
        report,
      ),
  };
}

async function foldsOf(
  role: Role,
  store: Store,
  { config, say }: InstanceDeps,
): Promise<FoldedViews | undefined> {
  if (!role.api && !role.reactor) return undefined;
  try {
    return await foldViews({ config, ledger: store.ledger, say });
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface ListenDeps extends InstanceDeps {
  readonly store: Store;
  readonly folds: FoldedViews | undefined;
  readonly engine: () => Engine | undefined;
  readonly serving: () => boolean;
}

function listenAs(role: Role, deps: ListenDeps): Promise<HttpSide> {
  const { config, clock, logger, store, folds, engine, serving } = deps;
  const { ledger } = store;
  const health = () => ({ serving: serving(), missing: engine()?.missing() ?? ['temporal'] });
  const parts: Part[] = [
    'temporal',
    ...(role.worker ? (['worker'] as const) : []),
    ...(role.reactor ? (['reactor'] as const) : []),
  ];
  const metrics = createMetrics({
    ...{ clock, health, parts, dataDir: config.dataDir },
    headPosition: () => ledger.headPosition(),
    stats: folds && (() => folds.views.stats()),
    reactorPosition: (lane) => engine()?.reactorPosition(lane),
    leading: role.reactor ? () => engine()?.leading() === true : undefined,
    begun: () => engine() !== undefined,
    onAppended: (listener) => ledger.onAppended(listener),
  });
  if (!role.api || folds === undefined) return listenForProbes({ config, logger, metrics, health });
  const callbackHurry = {
    reachable: () => engine()?.callbackHurry.reachable() ?? Promise.resolve(false),
    wake: (item: OwedCallback) =>
      engine()?.callbackHurry.wake(item) ?? Promise.reject(new StartUnavailable('Temporal does not run')),
  };
  return listen({ config, clock, store, views: folds.views, logger, metrics, health, callbackHurry });
}

function brokenOf({ ledger }: Store, folds: FoldedViews | undefined): Promise<unknown> {
  const never = new Promise(() => undefined);
  const standStill = folds?.folding.then(
    () => never,
    (cause: unknown) => cause,
  );
  return Promise.race([ledger.fatal, standStill ?? never]);
}
