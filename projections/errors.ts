import type { Position } from '../ledger/ledger.js';

/** The views have not passed a position in time; they may still do so. */
export class ViewsBehind extends Error {
  override readonly name = 'ViewsBehind';
  constructor(wanted: Position, position: Position, options?: ErrorOptions) {
    super(`views are at position ${String(position)}, ${String(wanted)} was asked for`, options);
  }
}

/** An event that the views cannot fold: they stand before it, and stay there until the code or the event is mended. */
export class UnfoldableEvent extends Error {
  override readonly name = 'UnfoldableEvent';
  readonly position: Position;
  constructor(position: Position, type: string, cause: unknown) {
    super(`views stopped before position ${String(position)}: cannot fold ${type}`, { cause });
    this.position = position;
  }
}
