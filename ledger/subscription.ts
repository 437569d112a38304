import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Head } from './head.js';
import { CAUGHT_UP, type Position, type Recorded } from './ledger.js';

/** A catch-up reads so many events at a time, which bounds how long it holds the event loop. */
const PAGE = 256;

/** What a subscription needs from an in-process ledger. */
export interface Tail {
  /** Throws when the ledger is closed, which ends the subscription. */
  readPage(after: Position, limit: number): readonly Recorded[];
  readonly head: Pick<Head, 'position' | 'ended' | 'onMoved'>;
}

/** Catches up by pages, then stays live: see `Ledger.subscribe`. Ends quietly when the signal aborts. */
export async function* subscribeTo(
  tail: Tail,
  { after, signal }: { readonly after: Position; readonly signal: AbortSignal },
): AsyncGenerator<Recorded | typeof CAUGHT_UP, void, void> {
  const aborted = (): boolean => signal.aborted;
  let position = after;
  while (!aborted()) {
    const page = tail.readPage(position, PAGE);
    for (const recorded of page) {
      if (aborted()) return;
      position = recorded.position;
      yield recorded;
    }
    if (page.length === PAGE) await nextTurn();
    if (position < tail.head.position()) continue;
    yield CAUGHT_UP;
    await movedPast(tail.head, position, signal);
  }
}

/** Looks and starts to listen in one synchronous turn, so that no commit falls in between. */
function movedPast(head: Tail['head'], position: Position, signal: AbortSignal): Promise<void> {
  if (signal.aborted || head.ended() || head.position() > position) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      stopListening();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const stopListening = head.onMoved(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
