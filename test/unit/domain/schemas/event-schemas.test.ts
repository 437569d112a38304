import { describe, expect, it } from 'vitest';
import {
  EVENT_SCHEMAS,
  EventShapeError,
  parseEvent,
  validateEvent,
} from '../../../../domain/schemas/event-schemas.js';
import type { LedgerEvent } from '../../../../domain/events/events.js';
import { EVENT_SAMPLES } from '../event-samples.js';

const samples = Object.values(EVENT_SAMPLES);
/** Values that are the wire's and not ours: anything may stand below them. */
const FREE = /^(?:data\.state\.profile|personal\.(?:message|content))\./;

/** Ids and times that we make, and those that others do. */
const OURS = /\.(?:\w*Id|id|stream|at|\w+At|decidedBy)$/;
const THEIRS = /\.(?:providerMessageId|clientId)$/;

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Dotted paths of every value below the event, inner ones too. */
function pathsOf(value: unknown, prefix = ''): string[] {
  if (!isTree(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    prefix + key,
    ...pathsOf(inner, `${prefix}${key}.`),
  ]);
}

/** A deep copy of the event with one value replaced, or taken away. */
function altered(event: LedgerEvent, path: string, change: (parent: Tree, key: string) => void): LedgerEvent {
  const copy = structuredClone(event) as unknown as Tree;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let parent = copy;
  for (const key of keys) parent = parent[key] as Tree;
  change(parent, last);
  return copy as unknown as LedgerEvent;
}

function errorOf(event: unknown): EventShapeError | undefined {
  try {
    parseEvent(event);
    return undefined;
  } catch (error) {
    if (error instanceof EventShapeError) return error;
    throw error;
  }
}

describe('the schemas', () => {
  it('know every event type', () => {
    expect(Object.keys(EVENT_SCHEMAS).sort()).toEqual(Object.keys(EVENT_SAMPLES).sort());
  });

  it.each(samples)('take a full $type, as an object and after its way through JSON', (event) => {
    expect(() => {
      validateEvent(event);
    }).not.toThrow();
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it.each(samples)('take a $type without personal data: it may have been erased', (event) => {
    const { personal: _, ...rest } = event;
    expect(parseEvent(rest)).toEqual(rest);
  });

  it.each(samples)(
    'refuse a $type with a value of another kind, naming the place and not the value',
    (event) => {
      const marked = { ZEBRA_KEY: 'ZEBRA 46700000001' };
      for (const path of pathsOf(event)) {
        if (path === 'type' || FREE.test(path)) continue;
        const wrong = altered(
          event,
          path,
          (parent, key) => (parent[key] = Array.isArray(parent[key]) ? 'ZEBRA 1' : [marked]),
        );
        const error = errorOf(wrong);
        if (path === 'version') {
          expect(error?.message).toBe('expected an event with a type and a whole version');
          continue;
        }
        expect(
          error?.problems.map((problem) => problem.path),
          path,
        ).toEqual([path]);
        expect(error?.message).toBe(`${path}: ${error?.problems[0]?.expectation ?? ''}`);
        expect(error?.message).toMatch(/expected/i);
        expect(error?.message).not.toContain('ZEBRA');
      }
    },
  );

  it.each(samples)('refuse a $type with one key more, without naming it', (event) => {
    expect(errorOf({ ...event, ZEBRA: 1 })?.message).toBe('expected no other keys');
    for (const path of pathsOf(event)) {
      if (FREE.test(`${path}.`)) continue;
      const wrong = altered(event, path, (parent, key) => {
        const value = parent[key];
        if (isTree(value) && !Array.isArray(value)) value['ZEBRA'] = 1;
      });
      if (!JSON.stringify(wrong).includes('ZEBRA')) continue;
      expect(errorOf(wrong)?.message).toBe(`${path}: expected no other keys`);
    }
  });

  it('refuse text where ids belong', () => {
    for (const event of samples) {
      for (const path of pathsOf(event.data, 'data.')) {
        if (!OURS.test(path) || THEIRS.test(path)) continue;
        const wrong = altered(event, path, (parent, key) => (parent[key] = '+46 70'));
        expect(errorOf(wrong)?.problems[0]?.path, `${event.type} ${path}`).toBe(path);
      }
    }
  });

  it.each([
    ['data.contactId', '46700000001'],
    ['data.messageId', '8ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
    ['data.appRevision', -1],
    ['data.appRevision', 0.5],
    ['data.channel', ''],
    ['meta.recordedAt', '2026-01-02T03:04:05Z'],
    ['meta.recordedAt', '2026-01-02T03:04:05.678+00:00'],
    ['meta.occurredAt', '2026-02-30T03:04:05.678Z'],
    ['id', '00000000-0000-4000-8000-00000000000A'],
    ['personal.text', undefined],
    ['version', 2],
    ['type', 'opted-out'],
    ['type', 'toString'],
    ['type', '__proto__'],
  ])('refuse a message-received with %s = %j', (path, value) => {
    const wrong = altered(EVENT_SAMPLES['message-received'], path, (parent, key) => (parent[key] = value));
    expect(() => {
      validateEvent(wrong);
    }).toThrow(EventShapeError);
    expect(errorOf(wrong)).toBeInstanceOf(EventShapeError);
  });
});

describe('parseEvent', () => {
  const sample = EVENT_SAMPLES['opted-out'];
  it.each([
    [null],
    [undefined],
    ['opted-out'],
    [[]],
    [{}],
    [{ ...sample, type: 1 }],
    [{ type: 'opted-out' }],
    [{ ...sample, version: '1' }],
    [{ ...sample, version: 1.5 }],
  ])('refuses %j, which is no event at all', (raw) => {
    expect(errorOf(raw)?.message).toBe('expected an event with a type and a whole version');
  });

  it('says which part of an unknown event is wrong', () => {
    expect(errorOf({ ...sample, type: 'ZEBRA' })?.message).toBe('type: expected a known event type');
    const { data: _, ...rest } = sample;
    expect(
      errorOf({ ...rest, id: '', version: 7 })
        ?.problems.map(({ path }) => path)
        .sort(),
    ).toEqual(['data', 'id', 'version']);
    expect(errorOf({ ...sample, data: {} })?.problems).toHaveLength(5);
    expect(errorOf({ ...sample, version: 7 })?.problems[0]?.path).toBe('version');
  });
});
