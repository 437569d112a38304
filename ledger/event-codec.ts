import type { LedgerEvent } from '../domain/events.js';

/** How events are judged on their way in and brought to their newest version on their way out. */
export interface EventCodec {
  /** Throws when the event does not have the shape of its type and version. */
  validate(event: LedgerEvent): void;
  /** A stored event in its newest version. */
  parse(raw: unknown): LedgerEvent;
}

/** Takes everything as it is: for tests of the ledger itself. */
export const TRUSTING_CODEC: EventCodec = {
  validate: () => undefined,
  parse: (raw) => raw as LedgerEvent,
};
