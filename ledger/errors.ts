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

/** More events or bytes than one append may hold. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
}

/** An event id already stands at another place: ids are derived wrongly, repeating cannot help. */
export class EventIdTaken extends Error {
  override readonly name = 'EventIdTaken';
}

/** Other writers were faster each time; the command changed nothing and may be repeated. */
export class TooManyConflicts extends Error {
  override readonly name = 'TooManyConflicts';
}

/** Another process has this ledger open. */
export class LedgerLocked extends Error {
  override readonly name = 'LedgerLocked';
}

/** The ledger was made with another root key: with a wrong one everybody would be unblocked. */
export class WrongRootKey extends Error {
  override readonly name = 'WrongRootKey';
}

/** The root key is missing or malformed; the message says where it was looked for, never what was found. */
export class RootKeyInvalid extends Error {
  override readonly name = 'RootKeyInvalid';
}

/** A sealed text does not open. */
export class UnsealFailed extends Error {
  override readonly name = 'UnsealFailed';
}

/** The file of the ledger is not whole: the disk or a copy of it has a fault. */
export class LedgerDamaged extends Error {
  override readonly name = 'LedgerDamaged';
}

/** A restore into this place was broken off: what is there still owes what may have gone out already. */
export class RestoreUnfinished extends Error {
  override readonly name = 'RestoreUnfinished';
}

/** The file or server holds something that is not a ledger of ours, or one of a newer release. */
export class ForeignLedger extends Error {
  override readonly name = 'ForeignLedger';
}

/** The ledger's URL cannot be used; never quotes it. */
export class LedgerUrlInvalid extends Error {
  override readonly name = 'LedgerUrlInvalid';
}

/** A copy of a ledger into this place was broken off: events are missing here, people who said stop among them. */
export class CopyUnfinished extends Error {
  override readonly name = 'CopyUnfinished';
}

/** Somebody else writes to a ledger that is being copied. */
export class SourceInUse extends Error {
  override readonly name = 'SourceInUse';
}

/** A copy goes into an empty ledger only. */
export class TargetNotEmpty extends Error {
  override readonly name = 'TargetNotEmpty';
}

/** Two ledgers that should be the same are not. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers';
}
