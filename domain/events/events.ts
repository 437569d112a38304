import type { AccessKeyCreated, AccessKeyRevoked, LedgerCreated, ProjectCreated } from './access-events.js';
import type { AppEvent } from './app-events.js';
import type { CallbackEvent } from './callback-events.js';
import type { ContactStreamEvent } from './contact-events.js';
import type { MessageEvent } from './message-events.js';
import type { RecordingEvent } from './recording-events.js';

// The ledger's contract: every event there is, by stream.
export type * from './event-base.js';
export type * from './access-events.js';
export type * from './app-events.js';
export type * from './contact-events.js';
export type * from './message-events.js';
export type * from './recording-events.js';
export * from './callback-events.js';

export type LedgerEvent =
  | LedgerCreated
  | ProjectCreated
  | AccessKeyCreated
  | AccessKeyRevoked
  | AppEvent
  | ContactStreamEvent
  | MessageEvent
  | CallbackEvent
  | RecordingEvent;
export type EventType = LedgerEvent['type'];
