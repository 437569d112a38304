import type { Expected } from './ledger.js';

/** Thrown where somebody else appended first: the caller reads again and decides anew. */
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

/** Thrown where nobody knows whether the append took effect; repeating it with the same ids is safe. */
export class AppendUnclear extends Error {
  override readonly name = 'AppendUnclear';
}

/** Thrown where the ledger cannot answer now. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/** Thrown for an event without the shape of its type and version; the text names the path, never the value. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}

/** Thrown for more events or bytes than one append may hold. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
}

/** Thrown where an event id already stands at another place: ids are derived wrongly, and repeating cannot help. */
export class EventIdTaken extends Error {
  override readonly name = 'EventIdTaken';
}

/** Thrown where other writers were faster each time; the command changed nothing and may be repeated. */
export class TooManyConflicts extends Error {
  override readonly name = 'TooManyConflicts';
}

/** Thrown where another process has this ledger open. */
export class LedgerLocked extends Error {
  override readonly name = 'LedgerLocked';
}

/** Thrown where the ledger was made with another root key: with a wrong one everybody would be unblocked. */
export class WrongRootKey extends Error {
  override readonly name = 'WrongRootKey';
}

/** Thrown where the ledger's contacts were told apart by other rules: read by ours, people who said stop would be unknown. */
export class OtherIdentityRules extends Error {
  override readonly name = 'OtherIdentityRules';
}

/** Thrown where the root key is missing or malformed; the text says where it was looked for, never what was found. */
export class RootKeyInvalid extends Error {
  override readonly name = 'RootKeyInvalid';
}

/** Thrown where a sealed text does not open. */
export class UnsealFailed extends Error {
  override readonly name = 'UnsealFailed';
}

/** Thrown where the ledger's file is not whole: the disk, or a copy of the file, has a fault. */
export class LedgerDamaged extends Error {
  override readonly name = 'LedgerDamaged';
}

/** Thrown where a restore was broken off: what is there still owes what may have gone out already. */
export class RestoreUnfinished extends Error {
  override readonly name = 'RestoreUnfinished';
}

/** Thrown where the file or server holds something that is not a ledger of ours, or one of a newer release. */
export class ForeignLedger extends Error {
  override readonly name = 'ForeignLedger';
}

/** Thrown where the ledger's URL cannot be used; the text never quotes it. */
export class LedgerUrlInvalid extends Error {
  override readonly name = 'LedgerUrlInvalid';
}

/** Thrown where a copy of a ledger was broken off: events are missing here, people who said stop among them. */
export class CopyUnfinished extends Error {
  override readonly name = 'CopyUnfinished';
}

/** Thrown where somebody else writes to a ledger that is being copied. */
export class SourceInUse extends Error {
  override readonly name = 'SourceInUse';
}

/** Thrown because a copy goes into an empty ledger only. */
export class TargetNotEmpty extends Error {
  override readonly name = 'TargetNotEmpty';
}

/** Thrown where two ledgers that should be the same are not. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers';
}
