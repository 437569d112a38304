import { EventStoreDBClient, type ResolvedEvent } from '@eventstore/db-client';
import type { Clock } from '../../domain/clock.js';
import type { CursorStore } from '../cursor.js';
import { encodeAppend } from '../encode-append.js';
import { LedgerUnavailable, LedgerUrlInvalid } from '../errors.js';
import { SCHEMA_CODEC, type EventCodec } from '../event-codec.js';
import { createKurrentAppends } from './kurrent-appends.js';
import { createKurrentCursors } from './kurrent-cursors.js';
import { fromKurrent, positionOf } from './kurrent-events.js';
import { patientReads, patiently } from './kurrent-patience.js';
import { createKurrentReads, type KurrentReads } from './kurrent-reads.js';
import { followKurrent, type SubscriptionDeps } from './kurrent-subscription.js';
import { openTail } from './kurrent-tail.js';
import { APPEND_TIMING, endedOrLate } from './kurrent-timing.js';
import { createHead } from '../head.js';
import { diagnose } from './kurrent-diagnosis.js';
import { readKurrentUrl, type KurrentUrl } from './kurrent-url.js';
import { openWindow } from './kurrent-window.js';
import { CAUGHT_UP, type Appended, type Ledger, type Position, type Recorded } from '../ledger.js';
import { checkLimit, checkReadStream } from '../read-limits.js';

/** The ledger on a KurrentDB or EventStoreDB server; many processes may have it open. */
export interface KurrentLedger extends Ledger {
  readonly cursors: CursorStore;
  /** The furthest position that this process knows of. */
  headPosition(): Position;
  /** Calls back when that moves; returns the way to stop it. */
  onAppended(listener: () => void): () => void;
  /** Never resolves: whatever a server does, it may come back. */
  readonly fatal: Promise<Error>;
  /** Ends subscriptions and reads; a read that is under way fails. Takes 2 s at most, whatever the server does. */
  close(): Promise<void>;
}

export interface KurrentLedgerOptions {
  /** `esdb://` or `kurrentdb://`, either with `+discover`. A secret: it may hold a password. */
  readonly url: string;
  readonly clock: Clock;
  /** A fresh UUID. */
  readonly newId: () => string;
  readonly codec?: EventCodec;
  /**
   * For a copy, which is one writer with time: what is not answered is tried again for a minute and more, and appends are
   * not looked up before, so that `duplicate` is never true and an append of what stands already is a conflict.
   */
  readonly bulk?: boolean;
  /** Told of each subscription that broke and is made anew. */
  readonly onBroken?: (error: LedgerUnavailable) => void;
  /** For tests, which do not want to wait as long. */
  readonly timing?: {
    readonly deadlineMs: number;
    readonly graceMs: number;
    readonly readMs: number;
    readonly closeMs?: number;
  };
}

/** As long as `patiently` waits at least. */
const PATIENT = { repeatForMs: 60_000 };

/** The client waits for each of its calls to end; whoever closes has to go on also when one never does. */
const CLOSE_MS = 2_000;

/**
 * Connects. One per process: the client shares state between its instances.
 * @throws LedgerUrlInvalid; LedgerUnavailable when the server does not answer
 */
export async function openKurrentLedger(options: KurrentLedgerOptions): Promise<KurrentLedger> {
  const { url, clock, newId, codec = SCHEMA_CODEC, onBroken = () => undefined } = options;
  const timing = { ...APPEND_TIMING, readMs: 5_000, closeMs: CLOSE_MS, ...options.timing };
  const server = readKurrentUrl(url);
  const { credentials } = server;
  const client = connect(server.forClient);
  const { bulk = false } = options;
  const closing = new AbortController();
  const once = createKurrentReads(client, { credentials, readMs: timing.readMs, closed: closing.signal });
  const reads = bulk ? patientReads(once, closing.signal) : once;
  const append = createKurrentAppends({ client, reads, credentials, timing, looksBack: !bulk });
  const cursors = createKurrentCursors({
    client,
    reads,
    credentials,
    timing,
    clock,
    newId,
    ...(bulk && PATIENT),
  });
  const decode = (resolved: ResolvedEvent): Recorded | undefined => fromKurrent(codec, resolved);
  const close = async (): Promise<void> => {
    closing.abort();
    await endedOrLate(client.dispose(), timing.closeMs);
  };
  const head = createHead(await newestOrClose(once, server, close));
  const follow: SubscriptionDeps = {
    openTail: (after) => openTail(client, { after, credentials, confirmMs: timing.readMs }),
    reads,
    decode,
    onBroken,
  };
  const moveTo = (position: Position): void => {
    if (position > head.position()) head.moveTo(position);
  };

  return {
    headPosition: () => head.position(),
    onAppended: (listener) => head.onMoved(listener),
    fatal: new Promise(() => undefined),
    cursors,
    async append(stream, events, expected) {
      const encoded = encodeAppend(codec, events, expected);
      const write = (): Promise<Appended> => append(stream, encoded, expected);
      const appended = await (bulk ? patiently(closing.signal, write) : write());
      moveTo(appended.position);
      return appended;
    },
    async readStream(stream, query) {
      checkReadStream(query);
      return (await reads.stream(stream, query)).flatMap((one) => decode(one) ?? []);
    },
    async readAll({ after, limit }) {
      checkLimit(limit);
      const found: Recorded[] = [];
      // Pages have the server's own events too, which do not count.
      for (let from: Position | undefined = after; from !== undefined && found.length < limit;) {
        const page: readonly ResolvedEvent[] = await reads.all(from, limit);
        found.push(...page.flatMap((one) => decode(one) ?? []));
        const last: ResolvedEvent | undefined = page.length < limit ? undefined : page.at(-1);
        from = last && positionOf(last);
      }
      return found.slice(0, limit);
    },
    async *subscribe({ after, signal }) {
      const ended = AbortSignal.any([signal, closing.signal]);
      for await (const item of followKurrent(follow, { after, signal: ended })) {
        if (item !== CAUGHT_UP) moveTo(item.position);
        yield item;
      }
    },
    async close() {
      head.end();
      await close();
    },
  };
}

/** Where nobody could be reached, the error says why and what to set. */
async function newestOrClose(
  reads: Pick<KurrentReads, 'newestOfOurs'>,
  server: KurrentUrl,
  close: () => Promise<void>,
): Promise<Position> {
  try {
    return await reads.newestOfOurs();
  } catch (error) {
    await close();
    const cause = await diagnose(server, error);
    throw cause === undefined ? error : new LedgerUnavailable(cause);
  }
}

function connect(url: string): EventStoreDBClient {
  try {
    return openWindow(EventStoreDBClient.connectionString(url));
  } catch {
    // Its own message may quote the URL, so it goes no further.
    throw new LedgerUrlInvalid('the ledger URL has a part that is not understood');
  }
}
