import type { OwedCallback } from '../domain/owed.js';
import { StartUnavailable } from '../reactor/errors.js';
import { ensureDemoProject, writeDemoFile, type DemoAccess } from './demo-project.js';
import { startEngine, type Engine, type EngineDeps } from './engine.js';
import { keepEngine, type EngineKeeper } from './engine-keeper.js';
import { setTimer } from './set-timer.js';
import { installTemporalRuntime } from './temporal/temporal-worker.js';
import { listen } from './http-side.js';
import { createMetrics } from './metrics.js';
import { runPhases, type PhaseReport } from './shutdown.js';
import { openStore } from './store.js';

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

type InstanceDeps = Omit<EngineDeps, 'store'>;

/**
 * Everything in one process. The API listens first: taking a STOP in never waits for Temporal.
 * @throws what opening the store or listening throws; a missing Temporal only degrades
 */
export async function startInstance(deps: InstanceDeps): Promise<Instance> {
  const { config, clock, logger, say } = deps;
  const store = await openStore(deps);
  const state: { serving: boolean; keeper?: EngineKeeper } = { serving: false };
  const engine = (): Engine | undefined => state.keeper?.current();
  const { ledger, views } = store;
  const health = () => ({ serving: state.serving, missing: engine()?.missing() ?? ['temporal'] });
  const metrics = createMetrics({
    clock,
    headPosition: () => ledger.headPosition(),
    stats: () => views.stats(),
    reactorPosition: (lane) => engine()?.reactorPosition(lane),
    onAppended: (listener) => ledger.onAppended(listener),
    health,
    dataDir: config.dataDir,
  });
  const callbackHurry = {
    reachable: () => engine()?.callbackHurry.reachable() ?? Promise.resolve(false),
    wake: (item: OwedCallback) =>
      engine()?.callbackHurry.wake(item) ?? Promise.reject(new StartUnavailable('Temporal does not run')),
  };
  const http = await listen({ config, clock, store, logger, metrics, health, callbackHurry });
  say(`API: ${http.url}`);
  const demo = await ensureDemoProject({ ledger, rootKey: store.rootKey, clock, file: config.demoFile });
  await store.folded;
  state.serving = true;
  installTemporalRuntime(logger);
  const writeDemo = (temporalUi: string | null): void => {
    if (demo !== undefined) writeDemoFile(config.demoFile, { url: http.url, ...demo, temporalUi });
  };
  const keeper = await keepEngine({
    start: () => startEngine({ ...deps, store }),
    say,
    setTimer,
    onLateStart: ({ uiUrl }) => {
      writeDemo(uiUrl);
      say('Temporal runs now: optledger is ready');
    },
  });
  state.keeper = keeper;
  const temporalUi = engine()?.uiUrl ?? null;
  writeDemo(temporalUi);
  return {
    ...{ url: http.url, temporalUi, demo, degraded: keeper.cause() },
    broken: Promise.race([
      ledger.fatal,
      store.folding.then(
        () => new Promise(() => undefined),
        (cause: unknown) => cause,
      ),
    ]),
    stop: (report) =>
      runPhases(
        [
          { name: 'intake', limitMs: 1_000, run: () => http.app.close() },
          ...keeper.phases(),
          { name: 'store', limitMs: 1_000, run: () => store.close() },
        ],
        () => clock.now(),
        report,
      ),
  };
}
