import { EMPTY_CONTACT } from '../domain/contact-state.js';
import type { ContactState } from '../domain/events.js';
import type { Ledger, Recorded } from './ledger.js';
import { contactStream } from './streams.js';

/** The state that a contact's last event carries. */
export function contactStateOf(last: Recorded | undefined): ContactState {
  const event = last?.event;
  switch (event?.type) {
    case 'message-received':
    case 'opted-out':
    case 'opted-in':
      return event.data.state;
    default:
      return EMPTY_CONTACT;
  }
}

/** A contact as the ledger has it now; undefined where nothing was ever recorded. */
export async function readContact(
  ledger: Pick<Ledger, 'readStream'>,
  contactId: string,
): Promise<ContactState | undefined> {
  const read = { from: 'end', direction: 'backwards', limit: 1 } as const;
  const [last] = await ledger.readStream(contactStream(contactId), read);
  return last === undefined ? undefined : contactStateOf(last);
}
