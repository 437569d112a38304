import type { DatabaseSync } from 'node:sqlite';
import type { EventType } from '../../domain/events/events.js';
import type { Recorded } from '../../ledger/ledger.js';
import { UnfoldableEvent } from '../errors.js';
import { EVENT_TYPES } from './event-types.js';
import type { Projection } from './projection.js';
import { checkpointWriter } from './view-file.js';

type AnyHandler = (recorded: Recorded) => void;

/** Folds events, all or none, with the checkpoint. It is synchronous, so nobody uses the database in between. */
export type FoldBatch = (events: readonly Recorded[]) => void;

/**
 * @returns a fold that on an event it cannot fold writes all events before it, and throws `UnfoldableEvent`
 */
export function createFoldBatch(db: DatabaseSync, projections: readonly Projection[]): FoldBatch {
  const handlers = handlersByType(projections);
  const writeCheckpoint = checkpointWriter(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');

  function foldOne(recorded: Recorded): void {
    const ofType = handlers.get(recorded.event.type);
    if (ofType === undefined) throw new TypeError('unknown type of event');
    for (const handler of ofType) handler(recorded);
  }
  function transaction(events: readonly Recorded[]): number {
    let folded = 0;
    begin.run();
    try {
      for (const recorded of events) {
        foldOne(recorded);
        folded += 1;
      }
      for (const projection of projections) projection.flush?.();
      const last = events.at(-1);
      if (last !== undefined) writeCheckpoint(last);
      commit.run();
      return folded;
    } catch (error) {
      // After some faults of the disk SQLite has rolled back by itself.
      if (db.isTransaction) rollback.run();
      for (const projection of projections) projection.forget?.();
      const poison = events[folded];
      throw poison === undefined ? error : new UnfoldableEvent(poison.position, poison.event.type, error);
    }
  }
  return (events) => {
    try {
      transaction(events);
    } catch (error) {
      if (error instanceof UnfoldableEvent)
        transaction(events.filter(({ position }) => position < error.position));
      throw error;
    }
  };
}

function handlersByType(projections: readonly Projection[]): ReadonlyMap<EventType, readonly AnyHandler[]> {
  return new Map(
    EVENT_TYPES.map((type) => [
      type,
      // Each handler is called with events of its own type only: the key says so.
      projections.flatMap(({ on }) => (on[type] === undefined ? [] : [on[type] as AnyHandler])),
    ]),
  );
}
