import type { ResolvedEvent, StreamingRead } from '@eventstore/db-client';

/** Nobody waits for the answer of a read any more. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
  readonly type: 'time-out' | 'closed';

  constructor(why: 'time-out' | 'closed') {
    super(why);
    this.type = why;
  }
}

interface Bounds {
  readonly readMs: number;
  /** Aborts when the ledger is closed. */
  readonly closed: AbortSignal;
}

/**
 * All that a read answers. One that is given up is cancelled, and read to its end all the same: the client waits for each
 * of its calls when it is disposed of, and a call whose answer came just before it was cancelled ends only when somebody
 * takes that answer.
 * @throws GivenUp, and what the client throws
 */
export async function drain(
  open: () => StreamingRead<ResolvedEvent>,
  { readMs, closed }: Bounds,
): Promise<readonly ResolvedEvent[]> {
  if (closed.aborted) throw new GivenUp('closed');
  const read = open();
  let giveUp: (why: GivenUp['type']) => void = () => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = (why) => {
      reject(new GivenUp(why));
      // Cancelled, a read ends as if nothing more stood in its stream.
      read.cancel().catch(() => undefined);
    };
  });
  const onClosed = (): void => {
    giveUp('closed');
  };
  const timer = setTimeout(giveUp, readMs, 'time-out');
  closed.addEventListener('abort', onClosed, { once: true });
  const all = allOf(read);
  all.catch(() => undefined);
  try {
    return await Promise.race([givenUp, all]);
  } finally {
    clearTimeout(timer);
    closed.removeEventListener('abort', onClosed);
  }
}

async function allOf(read: StreamingRead<ResolvedEvent>): Promise<readonly ResolvedEvent[]> {
  const events: ResolvedEvent[] = [];
  for await (const event of read) events.push(event);
  return events;
}
