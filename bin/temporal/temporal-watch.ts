import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { isServing } from './temporal-health.js';

/** Whether Temporal answers; a worker that polls in vain looks as if it ran. */
export interface TemporalWatch {
  reachable(): boolean;
  /** Asks now, a second at most. */
  ask(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Asks a server regularly from now on. */
export function watchTemporal(address: string, everyMs: number): TemporalWatch {
  const stopping = new AbortController();
  const connection = Connection.lazy({ address });
  let answers = true;

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      answers = await isServing(connection);
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await connection.close();
  }
  const watching = watch();

  return {
    reachable: () => answers,
    ask: () => isServing(connection),
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
}
