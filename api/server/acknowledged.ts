import { START, type Ledger, type Position } from '../../ledger/ledger.js';

/** A ledger that remembers how far this process has acknowledged. */
export interface Acknowledging {
  readonly ledger: Ledger;
  /** The highest position that an append through `ledger` was answered with. */
  readonly last: () => Position;
}

/** Reads wait for what was acknowledged before they came in, so whoever wrote sees what was written. */
export function trackAcknowledged(ledger: Ledger): Acknowledging {
  let last: Position = START;
  return {
    ledger: {
      readStream: (stream, read) => ledger.readStream(stream, read),
      readAll: (read) => ledger.readAll(read),
      subscribe: (read) => ledger.subscribe(read),
      async append(stream, events, expected) {
        const appended = await ledger.append(stream, events, expected);
        if (appended.position > last) last = appended.position;
        return appended;
      },
    },
    last: () => last,
  };
}
