import { setTimeout as delay } from 'node:timers/promises';
import { obtainTemporal, TEMPORAL_VERSION } from './temporal-ladder.js';
import { startTemporalServer, type TemporalServer, type TemporalServerOptions } from './temporal-server.js';
import { temporalVersionOf } from './temporal-find.js';
import type { TemporalTimes } from './times.js';
import type { Config } from '../config.js';

/** Temporal's server as a child of ours: started again when it ends unasked. */
export interface TemporalChild {
  readonly address: string;
  readonly uiUrl: string;
  /** The database was made at this start: no workflow of an earlier one can run. */
  readonly beganEmpty: boolean;
  stop(): Promise<void>;
}

interface ChildDeps {
  readonly config: Config;
  readonly say: (line: string) => void;
  readonly log: (line: string) => void;
  readonly times: Pick<TemporalTimes, 'server' | 'serverStopMs'>;
}

/**
 * Gets a server by the ladder and starts it beside the ledger.
 * @throws TemporalUnavailable, DatabaseInUse, or an Error with the server's last lines
 */
export async function startTemporalChild({ config, say, log, times }: ChildDeps): Promise<TemporalChild> {
  const executable =
    config.temporal.executable ?? (await obtainTemporal({ machine: config.machine, say })).executable;
  const version = (await temporalVersionOf(executable)) ?? TEMPORAL_VERSION;
  const stopMs = times.serverStopMs;
  const options: TemporalServerOptions = { executable, version, dbFile: config.temporalFile, log, stopMs };
  const { firstPauseMs, longestPauseMs } = times.server;
  let server = await startTemporalServer(options);
  const { address, uiUrl, beganEmpty } = server;
  const stopping = new AbortController();
  const isStopped = (): boolean => stopping.signal.aborted;

  async function supervise(): Promise<void> {
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      await server.exited;
      if (isStopped()) return;
      say('Temporal: the server ended; starting it again');
      await delay(pause);
      const next = await restart({ ...options, ...portsOf(server) }, say);
      if (next === undefined) continue;
      server = next;
      pause = firstPauseMs;
      // Asked to stop while it came up.
      if (isStopped()) await next.stop();
    }
  }
  void supervise();

  return {
    ...{ address, uiUrl, beganEmpty },
    stop: async () => {
      stopping.abort();
      await server.stop();
    },
  };
}

/** Worker and clients hold the old address: the server comes back there. */
function portsOf({ address, uiUrl }: TemporalServer): { port: number; uiPort: number } {
  return { port: Number(address.split(':').at(-1)), uiPort: Number(new URL(uiUrl).port) };
}

async function restart(
  options: TemporalServerOptions,
  say: (line: string) => void,
): Promise<TemporalServer | undefined> {
  try {
    return await startTemporalServer(options);
  } catch (error) {
    say(`Temporal: ${error instanceof Error ? error.message : 'did not start'}`);
    return undefined;
  }
}
