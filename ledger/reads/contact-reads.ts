import { EMPTY_CONTACT } from '../../domain/consent/contact-state.js';
import type { ContactState } from '../../domain/events/events.js';
import { readLast } from './as-of.js';
import type { Ledger, Recorded } from '../ledger.js';
import { contactStream } from '../streams.js';

/** Takes the state that a contact's last event carries. */
export function contactStateOf(last: Recorded | undefined): ContactState {
  const event = last?.event;
  switch (event?.type) {
    case 'message-received':
    case 'opted-out':
    case 'opted-in':
    case 'suspicion-decided':
      return event.data.state;
    default:
      return EMPTY_CONTACT;
  }
}

/**
 * Reads a contact as the ledger has it; undefined where nothing was ever recorded.
 * @param at a past moment, RFC 3339 UTC with ms: the contact as it stood then
 */
export async function readContact(
  ledger: Pick<Ledger, 'readStream'>,
  contactId: string,
  at?: string,
): Promise<ContactState | undefined> {
  const last = await readLast(ledger, contactStream(contactId), at);
  return last === undefined ? undefined : contactStateOf(last);
}
