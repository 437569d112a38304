import { readApp } from '../../../ledger/reads/app-reads.js';
import type { Ledger } from '../../../ledger/ledger.js';
import type { RootKey } from '../../../ledger/keys/root-key.js';
import { EndedContact } from './contact.js';
import { Story, type Step } from './story.js';

/** Stories that go on at the same time: their streams lie in between each other, as under load. */
const AT_ONCE = 64;
/** More than stories at the same time, or a contact would be in two of them. */
const CONTACTS_AT_LEAST = 200;
const EVENTS_PER_CONTACT = 40;
const FLUSH = 512;

export interface EndedHistory {
  readonly ledger: Ledger;
  readonly rootKey: Pick<RootKey, 'contactId'>;
  readonly projectId: string;
  readonly appId: string;
  /** At least so many events are written. */
  readonly events: number;
  /** Milliseconds since the epoch: when it began. */
  readonly from: number;
}

/**
 * Fills a ledger as months of traffic would: people who write, stop and start, replies, sends, receipts, callbacks at
 * the first or second try, and all of it ended: nothing is owed. The same for the same ledger each time.
 * @returns the number of events written
 */
export async function fillLedger(history: EndedHistory): Promise<number> {
  const { ledger, rootKey, projectId, appId, events } = history;
  const { state, revision } = await readApp(ledger, projectId, appId);
  const app = { projectId, appId, revision, endpoints: state.endpoints };
  const contacts = Array.from(
    { length: CONTACTS_AT_LEAST + Math.floor(events / EVENTS_PER_CONTACT) },
    (_, n) => {
      const identity = `4670${String(n).padStart(7, '0')}`;
      return new EndedContact(identity, rootKey.contactId(projectId, appId, { channel: 'SMS', identity }));
    },
  );
  let [told, written] = [0, 0];
  const begin = (): Step[] => {
    told += 1;
    const story = new Story(app, String(told), new Date(history.from + told).toISOString());
    const contact = contacts[told % contacts.length];
    if (contact === undefined) return [];
    if (told % 3 === 0) return story.consent(contact).steps;
    return told % 3 === 1 ? story.send(contact).steps : story.chat(contact).steps;
  };
  const underWay = Array.from({ length: AT_ONCE }, begin);
  let pending: Promise<unknown>[] = [];
  for (let turn = 1; underWay.length > 0; turn = (turn * 48_271) % 2_147_483_647) {
    const at = turn % underWay.length;
    const step = underWay[at]?.shift();
    if (step === undefined) {
      if (written < events) underWay[at] = begin();
      else underWay.splice(at, 1);
      continue;
    }
    pending.push(ledger.append(step.stream, step.events, step.expected));
    written += step.events.length;
    if (pending.length >= FLUSH) {
      await Promise.all(pending);
      pending = [];
    }
  }
  await Promise.all(pending);
  return written;
}
