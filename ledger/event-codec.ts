import { EventShapeError, parseEvent, validateEvent } from '../domain/schemas/event-schemas.js';
import type { LedgerEvent } from '../domain/events/events.js';
import { InvalidEvent } from './errors.js';

/** How events are judged on their way in and brought to their newest version on their way out. */
export interface EventCodec {
  /**
   * The event as `parse` will give it back, down to the order of its keys.
   * @throws InvalidEvent when it does not have the shape of its type and version
   */
  validate(event: LedgerEvent): LedgerEvent;
  /** A stored event in its newest version. @throws InvalidEvent */
  parse(raw: unknown): LedgerEvent;
}

/** The one in use; others are for tests. */
export const SCHEMA_CODEC: EventCodec = {
  validate: (event) => mapped(() => validateEvent(event)),
  parse: (raw) => mapped(() => parseEvent(raw)),
};

function mapped<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // Its message has the path and what was expected there, never a value.
    if (error instanceof EventShapeError) throw new InvalidEvent(error.message, { cause: error });
    throw error;
  }
}
