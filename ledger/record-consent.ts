import type { Clock } from '../domain/clock.js';
import { decideConsentChange } from '../domain/consent.js';
import type { Actor } from '../domain/events.js';
import type { Direction, ListType } from '../domain/lists.js';
import type { AppNow } from './app-reads.js';
import { contactStateOf } from './contact-reads.js';
import { deriveId, ulidOf } from './event-ids.js';
import { handleCommand } from './handle-command.js';
import type { Ledger } from './ledger.js';
import type { RootKey } from './root-key.js';
import { contactStream } from './streams.js';

/** One change of one contact by a customer's system. */
export interface ConsentRecord {
  readonly channel: string;
  /** Canonical. */
  readonly identity: string;
  readonly listType: ListType;
  readonly direction: Direction;
}

export interface ConsentBatch {
  readonly app: AppNow;
  /** ULID, shown to the caller; the events' ids derive from it. */
  readonly batchId: string;
  readonly actor: Actor;
  readonly records: readonly ConsentRecord[];
}

/** Appends that stand open at a time: enough to fill a group commit, too few to crowd out inbound messages. */
const AT_A_TIME = 64;

/**
 * Records each change in its contact's stream, also where nothing changes. A fault in the midst leaves the
 * records before it written: the caller repeats the batch, which is safe.
 * @throws what `handleCommand` throws
 */
export async function recordConsents(
  deps: { readonly ledger: Ledger; readonly clock: Clock; readonly rootKey: RootKey },
  batch: ConsentBatch,
): Promise<void> {
  for (let from = 0; from < batch.records.length; from += AT_A_TIME) {
    const some = batch.records.slice(from, from + AT_A_TIME);
    await Promise.all(some.map((record, index) => recordOne(deps, batch, record, from + index)));
  }
}

async function recordOne(
  { ledger, clock, rootKey }: Parameters<typeof recordConsents>[0],
  { app, batchId, actor }: ConsentBatch,
  record: ConsentRecord,
  index: number,
): Promise<void> {
  const { projectId, appId } = app.state;
  const contactId = rootKey.contactId(projectId, appId, record.identity);
  const eventId = deriveId('consents', batchId, String(index));
  const command = { ...record, contactId, eventId, requestId: ulidOf(deriveId(eventId, 'request')), actor };
  await handleCommand({
    ledger,
    clock,
    stream: contactStream(contactId),
    decide: ({ last, nextRevision, recordedAt }) =>
      decideConsentChange(command, {
        state: contactStateOf(last),
        nextRevision,
        recordedAt,
        app: app.state,
        appRevision: app.revision,
      }),
  });
}
