import { createEffects, type EffectsDeps } from './effects.js';
import { startTemporalWorkers } from '../temporal/temporal-worker.js';
import type { TemporalLink } from '../temporal/temporal-link.js';

/** What does the owed work in this process. */
export interface WorkerSide {
  running(): boolean;
  /** No new hand-overs; callbacks are aborted after 3 s, hand-overs get 7. */
  stop(): Promise<void>;
  /** Lets go of the clients. */
  close(): Promise<void>;
}

/** @throws when Temporal refuses the workers */
export async function runWorker(
  deps: EffectsDeps & { readonly link: TemporalLink; readonly bundle: string },
): Promise<WorkerSide> {
  const { link, bundle, logger, policy } = deps;
  const effects = createEffects(deps);
  const workers = await startTemporalWorkers({
    ...{ connection: link.connection, namespace: link.namespace, bundle, logger },
    ledgerId: deps.store.ledgerId,
    activities: effects.activities,
    times: policy.temporal,
  });
  return {
    running: () => workers.running(),
    stop: async () => {
      const { callbacksMs } = policy.shutdown;
      await Promise.all([
        effects.activities.stopNewHandOvers(),
        effects.poster.abort(callbacksMs),
        workers.stop(),
      ]);
    },
    close: () => effects.close(),
  };
}
