/** An event as the server keeps it; bodies are bytes to it. */
export interface LogEvent {
  readonly stream: string;
  readonly revision: number;
  /** Offset in the log: ascending, not dense. */
  readonly position: bigint;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type NewEvent = Pick<LogEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | number;

export type Written =
  /** `position` is undefined where the events stood there already. */
  | { readonly outcome: 'written'; readonly revision: number; readonly position: bigint | undefined }
  | { readonly outcome: 'conflict'; readonly current: number | 'no_stream' }
  | { readonly outcome: 'deleted' };

/** Recently committed ids that `any` looks at; forgotten when the server restarts. */
const RECENT_IDS = 10_000;

/**
 * The rules of an EventStoreDB server for one log: revisions, positions, and what it recognises as repeated. At an
 * explicit revision that is strong (the same ids at the very place asked for), at the current head nothing is
 * recognised, and `any` looks at recent ids only.
 */
export class FakeLog {
  readonly #events: LogEvent[] = [];
  readonly #streams = new Map<string, LogEvent[]>();
  readonly #tombstones = new Set<string>();
  readonly #recent = new Map<string, LogEvent>();
  readonly #listeners = new Set<() => void>();
  #offset = 0n;

  get events(): readonly LogEvent[] {
    return this.#events;
  }

  isDeleted(stream: string): boolean {
    return this.#tombstones.has(stream);
  }

  /** What a reader of the stream sees: its metadata may keep the last ones only. Undefined: no such stream. */
  read(stream: string): readonly LogEvent[] | undefined {
    const events = this.#streams.get(stream);
    const kept = this.#maxCount(stream);
    return kept === undefined ? events : events?.slice(-kept);
  }

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Written {
    if (this.#tombstones.has(stream)) return { outcome: 'deleted' };
    const existing = this.#streams.get(stream) ?? [];
    const head = existing.length - 1;
    if (expected === 'any') {
      const known = this.#recent.get(`${stream} ${events[0]?.id ?? ''}`);
      if (known !== undefined) return { outcome: 'written', revision: head, position: undefined };
    } else if (
      expected === 'stream_exists' ? head < 0 : head !== (expected === 'no_stream' ? -1 : expected)
    ) {
      return this.#repeated(existing, events, expected);
    }
    for (const event of events) this.#write(stream, event);
    this.#wake();
    return { outcome: 'written', revision: head + events.length, position: this.#offset };
  }

  /** Deletes a stream for good: it leaves an event of the server's own in the log. */
  tombstone(stream: string): void {
    this.#write(stream, {
      id: crypto.randomUUID(),
      type: '$streamDeleted',
      contentType: 'application/json',
      data: new TextEncoder().encode('{}'),
      metadata: new Uint8Array(),
    });
    this.#tombstones.add(stream);
    this.#streams.delete(stream);
    this.#wake();
  }

  /** What a restart does to a server's memory. */
  forgetRecentIds(): void {
    this.#recent.clear();
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #repeated(existing: readonly LogEvent[], events: readonly NewEvent[], expected: ExpectedRevision): Written {
    const current = existing.length === 0 ? 'no_stream' : existing.length - 1;
    if (typeof expected !== 'number' && expected !== 'no_stream') return { outcome: 'conflict', current };
    const from = expected === 'no_stream' ? 0 : expected + 1;
    const same = events.every(({ id }, n) => existing[from + n]?.id === id);
    if (!same) return { outcome: 'conflict', current };
    return { outcome: 'written', revision: from + events.length - 1, position: undefined };
  }

  #write(stream: string, event: NewEvent): void {
    const ofStream = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, ofStream);
    this.#offset += BigInt(120 + event.data.length + event.metadata.length);
    const written = { ...event, stream, revision: ofStream.length, position: this.#offset };
    ofStream.push(written);
    this.#events.push(written);
    this.#recent.set(`${stream} ${event.id}`, written);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > RECENT_IDS && oldest !== undefined) this.#recent.delete(oldest);
  }

  #maxCount(stream: string): number | undefined {
    const newest = this.#streams.get(`$$${stream}`)?.at(-1);
    if (newest === undefined) return undefined;
    const parsed = JSON.parse(new TextDecoder().decode(newest.data)) as { readonly $maxCount?: number };
    return parsed.$maxCount;
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
