/** A small mutable value beside the ledger; it is never kept in a view, and never rebuilt. */
export interface Cursor<T> {
  readonly value: T;
  /** The version goes up by one with each save. */
  readonly version: number;
}

/** Values are JSON. A save at a stale version throws `RevisionConflict`: a second writer is fenced. */
export interface CursorStore {
  load(name: string): Promise<Cursor<unknown> | undefined>;
  save(name: string, value: unknown, expected: number | 'none'): Promise<number>;
}
