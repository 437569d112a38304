import type { Clock } from '../../domain/clock.js';
import { decideConsentChange, type ConsentChangeCommand } from '../../domain/consent/consent.js';
import type { Actor, ConsentResult, LedgerEvent, OptedIn, OptedOut } from '../../domain/events/events.js';
import { OTHER_CHANNELS } from '../../domain/identity/channels.js';
import { optInRefusedBy } from '../../domain/consent/own-opt-outs.js';
import type { AppNow } from '../reads/app-reads.js';
import { contactStateOf } from '../reads/contact-reads.js';
import { LedgerUnavailable } from '../errors.js';
import { deriveId, ulidOf } from '../event-ids.js';
import { handleCommand, type Basis } from './handle-command.js';
import type { Ledger } from '../ledger.js';
import type { RootKey } from '../keys/root-key.js';
import { contactStream } from '../streams.js';

/** One change by a customer's system. */
export interface ConsentRecord extends Pick<
  ConsentChangeCommand,
  'identity' | 'listType' | 'direction' | 'reason' | 'evidence'
> {
  /** Null: whoever has this identity on any of the channels that are not by phone number (see docs/adr/018). */
  readonly channel: string | null;
}

export interface ConsentBatch {
  readonly app: AppNow;
  /** The events' ids derive from it. */
  readonly batchId: string;
  readonly actor: Actor;
  readonly records: readonly ConsentRecord[];
  /** True where an earlier try may have written some of it, whose outcome counts then. */
  readonly resumed?: boolean;
}

export interface RecordDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly rootKey: RootKey;
}

/** So many appends are open at a time: enough to fill a group commit, too few to crowd out inbound messages. */
const AT_A_TIME = 64;
/** An earlier try is looked for among so many events of a contact: as many as the ledger knows a duplicate by. */
const LOOK_BACK = 256;

/**
 * Records each change in its contact's stream, also where nothing changes; records of one contact one after the
 * other, in their order. A fault in the midst leaves the records before it written: the caller repeats the batch,
 * which is safe.
 * @returns what became of each record, in their order
 * @throws what `handleCommand` throws
 */
export async function recordConsents(
  deps: RecordDeps,
  batch: ConsentBatch,
): Promise<readonly ConsentResult[]> {
  const results: ConsentResult[] = [];
  for (let from = 0; from < batch.records.length; from += AT_A_TIME) {
    const some = batch.records.slice(from, from + AT_A_TIME);
    results.push(
      ...(await Promise.all(some.map((record, index) => recordOne(deps, batch, record, from + index)))),
    );
  }
  return results;
}

/** What one decision comes to: events to append, and what they make of the record. */
interface Decided {
  readonly events: readonly LedgerEvent[];
  readonly result: ConsentResult;
}

/** A change without a channel is one event for each contact that it may mean; its results count as one. */
async function recordOne(
  deps: RecordDeps,
  batch: ConsentBatch,
  record: ConsentRecord,
  index: number,
): Promise<ConsentResult> {
  const { channel } = record;
  const id = ['consents', batch.batchId, String(index)] as const;
  if (channel !== null) return recordContact(deps, batch, { ...record, channel, eventId: deriveId(...id) });
  // Begun in one turn, so that a later record of one of them waits for this one.
  const changes = OTHER_CHANNELS.map((other) => {
    const eventId = deriveId(...id, other);
    const change = { ...record, channel: other, eventId, correlationId: deriveId(...id) };
    return recordContact(deps, batch, change);
  });
  return resultOfAll(await Promise.all(changes));
}

/** Refused where any contact's own word spoke against it, and else recorded. */
function resultOfAll(results: readonly ConsentResult[]): ConsentResult {
  const telling =
    results.find(({ status }) => status === 'REFUSED') ??
    results.find((result) => result.status === 'RECORDED' && result.changed) ??
    results[0];
  if (telling === undefined) throw new LedgerUnavailable('there is no channel to record for');
  return telling;
}

type ContactChange = Omit<ConsentChangeCommand, 'contactId' | 'requestId' | 'actor'>;

async function recordContact(
  { ledger, clock, rootKey }: RecordDeps,
  { app, actor, resumed = false }: ConsentBatch,
  change: ContactChange,
): Promise<ConsentResult> {
  const { projectId, appId } = app.state;
  const { eventId } = change;
  const contactId = rootKey.contactId(projectId, appId, change);
  const stream = contactStream(contactId);
  const command = { ...change, contactId, requestId: ulidOf(deriveId(eventId, 'request')), actor };
  const decided: Decided[] = [];
  const { appended } = await handleCommand({
    ledger,
    clock,
    stream,
    decide: async (basis) => {
      const before = resumed ? await findRecorded(ledger, stream, eventId) : undefined;
      const now = before ?? decideOne(command, app, basis);
      decided.push(now);
      return now.events;
    },
  });
  const written = appended?.duplicate === true ? await findRecorded(ledger, stream, eventId) : undefined;
  const last = written ?? decided.at(-1);
  if (last === undefined) throw new LedgerUnavailable('a duplicate was not found');
  return last.result;
}

function decideOne(command: ConsentChangeCommand, app: AppNow, basis: Basis): Decided {
  const { last, nextRevision, recordedAt } = basis;
  const state = contactStateOf(last);
  const { direction, listType, evidence } = command;
  const against = direction === 'OPT_IN' ? optInRefusedBy(state, listType, evidence?.obtainedAt) : null;
  if (against !== null) return { events: [], result: { status: 'REFUSED', eventId: against.eventId } };
  const context = { state, nextRevision, recordedAt, app: app.state, appRevision: app.revision };
  const events = decideConsentChange(command, context);
  return { events, result: resultOf(events[0]) };
}

const resultOf = ({ id, data }: OptedOut | OptedIn): ConsentResult => ({
  status: 'RECORDED',
  eventId: id,
  changed: data.moved.length > 0,
});

/** What an earlier try of the same record wrote; nothing more is to be written then. */
async function findRecorded(ledger: Ledger, stream: string, eventId: string): Promise<Decided | undefined> {
  const read = { from: 'end', direction: 'backwards', limit: LOOK_BACK } as const;
  const found = (await ledger.readStream(stream, read)).find(({ event }) => event.id === eventId)?.event;
  if (found?.type !== 'opted-out' && found?.type !== 'opted-in') return undefined;
  return { events: [], result: resultOf(found) };
}
