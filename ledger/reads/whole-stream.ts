import type { Ledger, Recorded } from '../ledger.js';

const PAGE = 1_000;

/** Reads all events of a stream from a revision on, oldest first. It is for streams that a schedule bounds, or a person's patience. */
export async function readWholeStream(
  ledger: Pick<Ledger, 'readStream'>,
  stream: string,
  first = 0,
): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  for (;;) {
    const read = { from: first + events.length, direction: 'forwards', limit: PAGE } as const;
    const page = await ledger.readStream(stream, read);
    events.push(...page);
    if (page.length < PAGE) return events;
  }
}
