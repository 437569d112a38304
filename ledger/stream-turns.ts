/** Holds per ledger the last command that waits on each stream; entries go when their queue is empty. */
const queues = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Runs `work` after all earlier work on the same stream of the same ledger has ended, well or badly.
 * Correctness does not rest on it (the expected revision does that): it spares a busy stream its conflicts.
 */
export async function inTurn<T>(ledger: object, stream: string, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(ledger) ?? new Map<string, Promise<unknown>>();
  queues.set(ledger, queue);
  const before = queue.get(stream);
  const mine = before === undefined ? work() : before.then(work, work);
  queue.set(stream, mine);
  try {
    return await mine;
  } finally {
    if (queue.get(stream) === mine) queue.delete(stream);
  }
}
