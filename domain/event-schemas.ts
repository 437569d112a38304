import type { z } from 'zod';
import { accessSchemas } from './event-schemas-access.js';
import { appSchemas } from './event-schemas-app.js';
import { callbackSchemas } from './event-schemas-callback.js';
import { contactSchemas } from './event-schemas-contact.js';
import { messageSchemas } from './event-schemas-message.js';
import { upcast, UPCASTERS, type StoredEvent, type Upcasters } from './event-schemas-upcast.js';
import type { EventType, LedgerEvent } from './events.js';

/** The newest version of every event; what a schema accepts is exactly the TypeScript type (a test compares). */
export const EVENT_SCHEMAS = {
  ...accessSchemas,
  ...appSchemas,
  ...contactSchemas,
  ...messageSchemas,
  ...callbackSchemas,
} satisfies { readonly [T in EventType]: z.ZodType<Extract<LedgerEvent, { readonly type: T }>> };

const schemaOf: ReadonlyMap<string, z.ZodType<LedgerEvent>> = new Map(Object.entries(EVENT_SCHEMAS));

/** An event does not have the shape of its type and version. Carries no value of the event, only where and what. */
export class EventShapeError extends Error {
  override readonly name = 'EventShapeError';
  /** Dotted, e.g. `data.state.standing`; empty for the event itself. */
  readonly path: string;
  readonly expectation: string;
  constructor(path: string, expectation: string) {
    super(path === '' ? expectation : `${path}: ${expectation}`);
    this.path = path;
    this.expectation = expectation;
  }
}

function problemOf(error: z.ZodError): EventShapeError {
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  // Zod would name the key here, which is a word of the event and not of the schema.
  if (issue?.code === 'unrecognized_keys') return new EventShapeError(path, 'expected no other keys');
  return new EventShapeError(path, issue?.message ?? 'invalid');
}

function shaped(event: { readonly type: string }): LedgerEvent {
  const schema = schemaOf.get(event.type);
  if (schema === undefined) throw new EventShapeError('type', 'expected a known event type');
  const result = schema.safeParse(event);
  if (!result.success) throw problemOf(result.error);
  return result.data;
}

function isStored(raw: unknown): raw is StoredEvent {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    'type' in raw &&
    typeof raw.type === 'string' &&
    'version' in raw &&
    Number.isSafeInteger(raw.version)
  );
}

/**
 * Refuses an event that may not be written.
 * @throws EventShapeError
 */
export function validateEvent(event: LedgerEvent): void {
  shaped(event);
}

/**
 * A stored event in the newest version of its type, checked.
 * @throws EventShapeError and nothing else
 */
export function parseEvent(raw: unknown, upcasters: Upcasters = UPCASTERS): LedgerEvent {
  if (!isStored(raw)) throw new EventShapeError('', 'expected an event with a type and a whole version');
  try {
    return shaped(upcast(raw, upcasters));
  } catch (error) {
    if (error instanceof EventShapeError) throw error;
    throw new EventShapeError('', `expected version ${String(raw.version)} to be readable by its upcaster`);
  }
}
