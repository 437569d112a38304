import { jsonEvent, NO_STREAM, type EventStoreDBClient } from '@eventstore/db-client';
import type { Clock } from '../../domain/clock.js';
import type { Cursor, CursorStore } from '../cursor.js';
import { AppendUnclear, LedgerUnavailable, RevisionConflict } from '../errors.js';
import { appendFault } from './kurrent-errors.js';
import type { KurrentReads } from './kurrent-reads.js';
import { timed, type AppendTiming } from './kurrent-timing.js';
import type { KurrentCredentials } from './kurrent-url.js';
import { repeatedWhileUnclear } from '../repeat-unclear.js';

const TYPE = 'cursor-saved';

export interface KurrentCursorsDeps {
  readonly client: EventStoreDBClient;
  readonly reads: Pick<KurrentReads, 'stream'>;
  readonly credentials: KurrentCredentials;
  readonly timing: AppendTiming;
  readonly clock: Clock;
  /** A fresh UUID for each save: two savers of the same value are still two. */
  readonly newId: () => string;
  /** How long a save that is not answered is repeated; 5,000 unless told. */
  readonly repeatForMs?: number;
}

/** Keeps a stream per cursor that holds its last event only; the version is that event's revision. */
export function createKurrentCursors(deps: KurrentCursorsDeps): CursorStore {
  const { client, reads, credentials, timing, clock } = deps;

  async function last(name: string): Promise<{ id: string; value: unknown; version: number } | undefined> {
    const [found] = await reads.stream(streamOf(name), { from: 'end', direction: 'backwards', limit: 1 });
    if (found?.event === undefined) return undefined;
    const { id, data, revision } = found.event;
    if (typeof data !== 'object' || !('value' in data))
      throw new LedgerUnavailable(`cursor ${name} is damaged`);
    return { id, value: data['value'], version: Number(revision) };
  }

  async function keepOneOnly(name: string): Promise<void> {
    const given = { credentials, deadline: timing.deadlineMs };
    await timed(client.setStreamMetadata(streamOf(name), { maxCount: 1 }, given), timing);
  }

  async function write(name: string, id: string, value: unknown, expected: number | 'none'): Promise<number> {
    const stream = streamOf(name);
    try {
      if (expected === 'none') await keepOneOnly(name);
      const result = await timed(
        client.appendToStream(stream, jsonEvent({ id, type: TYPE, data: { value } as { value: never } }), {
          expectedRevision: expected === 'none' ? NO_STREAM : BigInt(expected),
          deadline: timing.deadlineMs,
          credentials,
        }),
        timing,
      );
      return Number(result.nextExpectedRevision);
    } catch (error) {
      const fault = error instanceof AppendUnclear ? error : appendFault(error, `cursor ${name}`, expected);
      if (!(fault instanceof RevisionConflict)) throw fault;
      // An earlier try of this very save may have been written without an answer.
      const saved = await last(name);
      if (saved?.id === id) return saved.version;
      throw fault;
    }
  }

  return {
    async load(name): Promise<Cursor<unknown> | undefined> {
      const saved = await last(name);
      return saved && { value: saved.value, version: saved.version };
    },
    save(name, value, expected) {
      const id = deps.newId();
      return repeatedWhileUnclear(clock, () => write(name, id, value, expected), deps.repeatForMs);
    },
  };
}

const streamOf = (name: string): string => `cursor-${name}`;
