import type { ContentType, Direction, ListType, Mode } from '../../../domain/lists.js';

/** From just before a request left to just after its answer came: ms since the epoch, by the client's clock. */
export interface Span {
  readonly sentAt: number;
  readonly ackedAt: number;
}

/** A change of one list by one contact. */
export interface ListChange extends Span {
  readonly listType: ListType;
  readonly direction: Direction;
}

export interface ModeChange extends Span {
  readonly mode: Mode;
}

/** A send that was acknowledged. */
export interface Sent {
  readonly identity: string;
  readonly contentType: ContentType;
}

/** What a client knows of one app: all that it asked for, and when. */
export interface RaceLog {
  readonly modes: ModeChange[];
  /** By identity. */
  readonly changes: Map<string, ListChange[]>;
  /** By message id. */
  readonly sent: Map<string, Sent>;
}

export function newRaceLog(): RaceLog {
  return { modes: [], changes: new Map(), sent: new Map() };
}

export function addChange(log: RaceLog, identity: string, change: ListChange): void {
  const known = log.changes.get(identity);
  if (known === undefined) log.changes.set(identity, [change]);
  else known.push(change);
}
