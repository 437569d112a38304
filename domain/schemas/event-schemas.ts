import type { z } from 'zod';
import { accessSchemas } from './access-schemas.js';
import { appSchemas } from './app-schemas.js';
import { callbackSchemas } from './callback-schemas.js';
import { contactSchemas } from './contact-schemas.js';
import { messageSchemas } from './message-schemas.js';
import { recordingSchemas } from './recording-schemas.js';
import { upcast, UPCASTERS, type StoredEvent, type Upcasters } from './upcast.js';
import type { EventType, LedgerEvent } from '../events/events.js';

/** The newest version of every event; what a schema accepts is exactly the TypeScript type (a test compares). */
export const EVENT_SCHEMAS = {
  ...accessSchemas,
  ...appSchemas,
  ...contactSchemas,
  ...messageSchemas,
  ...callbackSchemas,
  ...recordingSchemas,
} satisfies { readonly [T in EventType]: z.ZodType<Extract<LedgerEvent, { readonly type: T }>> };

const schemaOf: ReadonlyMap<string, z.ZodType<LedgerEvent>> = new Map(Object.entries(EVENT_SCHEMAS));

/** One place where an event is not as its schema says. */
export interface ShapeProblem {
  /** Dotted, e.g. `data.state.standing`; empty for the event itself. */
  readonly path: string;
  readonly expectation: string;
}

/** Thrown for an event without the shape of its type and version. It says where and what was expected, never a value. */
export class EventShapeError extends Error {
  override readonly name = 'EventShapeError';
  readonly problems: readonly ShapeProblem[];
  constructor(problems: readonly ShapeProblem[]) {
    super(
      problems
        .map(({ path, expectation }) => (path === '' ? expectation : `${path}: ${expectation}`))
        .join('; '),
    );
    this.problems = problems;
  }
}

/** So many faults are named at most: more of them are one mistake seen from many sides. */
const PROBLEMS_TOLD = 5;

function problemOf(issue: z.core.$ZodIssue): ShapeProblem {
  // Zod would name the keys here, which are words of the event and not of the schema.
  const expectation = issue.code === 'unrecognized_keys' ? 'expected no other keys' : issue.message;
  return { path: issue.path.map(String).join('.'), expectation };
}

function refuse(path: string, expectation: string): EventShapeError {
  return new EventShapeError([{ path, expectation }]);
}

function shaped(event: { readonly type: string }): LedgerEvent {
  const schema = schemaOf.get(event.type);
  if (schema === undefined) throw refuse('type', 'expected a known event type');
  const result = schema.safeParse(event);
  if (!result.success) throw new EventShapeError(result.error.issues.slice(0, PROBLEMS_TOLD).map(problemOf));
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
 * @returns it with its keys in the order of its schema, as it will be read
 * @throws EventShapeError
 */
export function validateEvent(event: LedgerEvent): LedgerEvent {
  return shaped(event);
}

/**
 * Brings a stored event to the newest version of its type, and checks it.
 * @throws EventShapeError and nothing else
 */
export function parseEvent(raw: unknown, upcasters: Upcasters = UPCASTERS): LedgerEvent {
  if (!isStored(raw)) throw refuse('', 'expected an event with a type and a whole version');
  try {
    return shaped(upcast(raw, upcasters));
  } catch (error) {
    if (error instanceof EventShapeError) throw error;
    throw refuse('', `expected version ${String(raw.version)} to be readable by its upcaster`);
  }
}
