/** Says how long the items of a batch are waited for. */
export interface Patience {
  /** So long the wait goes on without any of them ending. */
  readonly quietMs: number;
  /** So long the wait lasts at most, however well it goes. */
  readonly longestMs: number;
}

/** Tells a batch whose items end one after the other, however slowly, from one that stands. */
export interface Progress {
  /** One more item has ended. */
  step(): void;
  /** Resolves when all has ended, when the patience is over, or when the signal aborts. */
  wait(all: Promise<unknown>, patience: Patience, signal?: AbortSignal): Promise<void>;
}

export function createProgress(): Progress {
  let goOn: () => void = () => undefined;
  return {
    step: () => {
      goOn();
    },
    async wait(all, { quietMs, longestMs }, signal) {
      const { promise: over, resolve } = Promise.withResolvers<null>();
      const stop = (): void => {
        resolve(null);
      };
      const quiet = setTimeout(stop, quietMs);
      const longest = setTimeout(stop, longestMs);
      goOn = () => {
        quiet.refresh();
      };
      signal?.addEventListener('abort', stop);
      if (signal?.aborted === true) stop();
      await Promise.race([all, over]);
      goOn = () => undefined;
      clearTimeout(quiet);
      clearTimeout(longest);
      signal?.removeEventListener('abort', stop);
    },
  };
}
