import type { Expected } from './ledger.js';

/** Somebody else appended first: read again and decide anew. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
  readonly stream: string;
  readonly expected: Expected;
  readonly actual: Expected;
  constructor(stream: string, expected: Expected, actual: Expected) {
    super(`${stream} is at revision ${String(actual)}, not ${String(expected)}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** Whether the append took effect is not known; repeating it with the same ids is safe. */
export class AppendUnclear extends Error {
  override readonly name = 'AppendUnclear';
}

/** The ledger cannot answer now. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/** An event does not have the shape of its type and version; names the path, never the value. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}
