import type { Pauses } from '../temporal/times.js';
import type { Phase } from './shutdown.js';
import type { Engine } from './engine.js';

interface KeeperDeps {
  /** Between the tries to start the engine. */
  readonly times: Pauses;
  readonly start: () => Promise<Engine>;
  readonly say: (line: string) => void;
  /** Calls back once after `ms`; returns the way to call it off. */
  readonly setTimer: (ms: number, callback: () => void) => () => void;
  /** Told once the engine runs after a start that failed. */
  readonly onLateStart: (engine: Engine) => void;
}

/** The engine, or the tries to start it: what comes in is taken meanwhile, and done as soon as it runs. */
export interface EngineKeeper {
  current(): Engine | undefined;
  /** Why it does not run; undefined while it does, or while the first start lasts. */
  cause(): string | undefined;
  /** No more tries; the running engine's part of the way down. */
  phases(): Phase[];
}

/** Resolves after the first try, whether it worked or not; further tries go on by themselves. Never rejects. */
export async function keepEngine(deps: KeeperDeps): Promise<EngineKeeper> {
  let engine: Engine | undefined;
  let cause: string | undefined;
  let callOff: (() => void) | undefined;

  async function tryOnce(): Promise<void> {
    try {
      engine = await deps.start();
      cause = undefined;
    } catch (error) {
      cause = error instanceof Error ? error.message : 'unknown fault';
      deps.say(`! Temporal does not run: ${cause}`);
      deps.say(
        '! Messages are taken in and nothing is lost; replies, sends and callbacks wait. Trying again …',
      );
    }
  }

  async function tryAgain(pauseMs: number): Promise<void> {
    await tryOnce();
    if (engine === undefined) later(Math.min(pauseMs * 2, deps.times.longestPauseMs));
    else deps.onLateStart(engine);
  }

  function later(pauseMs: number): void {
    callOff = deps.setTimer(pauseMs, () => void tryAgain(pauseMs));
  }

  await tryOnce();
  if (engine === undefined) later(deps.times.firstPauseMs);
  return {
    current: () => engine,
    cause: () => cause,
    phases: () => {
      callOff?.();
      return engine?.phases() ?? [];
    },
  };
}
