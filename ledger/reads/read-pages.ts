import type { Ledger, Position, Recorded } from '../ledger.js';

const PAGE = 1_000;

/** Reads everything after a position, in order; the next page is read while the one before is worked on. */
export async function* readPages(
  ledger: Pick<Ledger, 'readAll'>,
  after: Position,
): AsyncGenerator<readonly Recorded[], void, void> {
  let reading = ledger.readAll({ after, limit: PAGE });
  for (;;) {
    const page = await reading;
    const last = page.at(-1);
    if (last === undefined) return;
    reading = ledger.readAll({ after: last.position, limit: PAGE });
    // A failure of this read is heard when its page is asked for, which is later or never.
    reading.catch(() => undefined);
    yield page;
  }
}
