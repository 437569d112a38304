/** Work cannot be started now: later is soon enough. */
export class StartUnavailable extends Error {
  override readonly name = 'StartUnavailable';
}

/** The ledger has events, but nobody knows which of them were handed over. */
export class MissingCursor extends Error {
  override readonly name = 'MissingCursor';
  constructor(cursor: string) {
    super(
      `cursor ${cursor} is missing: tell the reactor where to begin with \`optledger reactor set --at end|<position>\` ` +
        '(end: what is owed already comes with the sweep; a position: work after it is handed over again, and the ' +
        'ledger keeps anything from being done twice)',
    );
  }
}

/** Another reactor has taken over the cursor; this one must not go on. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}
