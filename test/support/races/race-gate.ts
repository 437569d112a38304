import { setTimeout as delay } from 'node:timers/promises';

const SAMPLE_MS = 100;

/** Keeps the work that waits small: a message that is handed over seconds after its send races with nothing. */
export interface Gate {
  /** Resolves when there is room for one more message. */
  pass(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param owed how many messages are owed now
 * @param most messages that may be owed at the same time
 */
export function openGate(owed: () => Promise<number>, most: number): Gate {
  const over = new AbortController();
  let room = 0;
  let waiting: (() => void)[] = [];

  const admit = (): void => {
    const admitted = waiting.splice(0, Math.max(room, 0));
    room -= admitted.length;
    for (const go of admitted) go();
  };
  async function sample(): Promise<void> {
    while (!over.signal.aborted) {
      room = most - (await owed());
      admit();
      await delay(SAMPLE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }
  const sampling = sample();
  return {
    pass: () =>
      new Promise((go) => {
        waiting.push(go);
        admit();
      }),
    close: async () => {
      over.abort();
      await sampling;
      for (const go of waiting) go();
      waiting = [];
    },
  };
}
