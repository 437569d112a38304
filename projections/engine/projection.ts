import type { EventType, LedgerEvent } from '../../domain/events/events.js';
import type { Recorded } from '../../ledger/ledger.js';

type Handler<T extends EventType> = (recorded: Recorded<Extract<LedgerEvent, { type: T }>>) => void;

/** What a projection does with each type of event; a type that it does not name is none of its business. */
export type Handlers = { readonly [T in EventType]?: Handler<T> };

/** One fold of the ledger into rows. Handlers write through statements of the database they were made with. */
export interface Projection {
  readonly on: Handlers;
  /** Writes what was kept in memory; runs before each commit. */
  flush?(): void;
  /** Drops what was kept in memory; runs after a rollback. */
  forget?(): void;
}
