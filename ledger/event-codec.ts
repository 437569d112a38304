import { EventShapeError, parseEvent, validateEvent } from '../domain/schemas/event-schemas.js';
import type { LedgerEvent } from '../domain/events/events.js';
import { InvalidEvent } from './errors.js';

/** Judges events on their way in and brings them to their newest version on their way out. */
export interface EventCodec {
  /**
   * Gives the event as `parse` will give it back, down to the order of its keys.
   * @throws InvalidEvent when it does not have the shape of its type and version
   */
  validate(event: LedgerEvent): LedgerEvent;
  /** Brings a stored event to its newest version. @throws InvalidEvent */
  parse(raw: unknown): LedgerEvent;
}

/** The codec in use; others are for tests. */
export const SCHEMA_CODEC: EventCodec = {
  validate: (event) => mapped(() => validateEvent(event)),
  parse: (raw) => mapped(() => parseEvent(raw)),
};

function mapped<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // The message of such an error has the path and what was expected there, never a value.
    if (error instanceof EventShapeError) throw new InvalidEvent(error.message, { cause: error });
    throw error;
  }
}
