import { inboundIdentity, subscriber } from '../../domain/identity/identity.js';
import type { RootKey } from '../../ledger/keys/root-key.js';
import { contactsOf } from './identities.js';

/** One thing that an identity in a path or a query may mean. */
export interface Sought {
  /** As the lists show it. */
  readonly identity: string;
  /** The contacts that have it. */
  readonly contactIds: readonly string[];
}

export interface SoughtIdentity {
  readonly projectId: string;
  readonly appId: string;
  readonly identity: string;
  readonly channel?: string | undefined;
}

/**
 * What an identity may mean, likeliest first; it is read as leniently as a sender's. Without a channel a phone number
 * means the phone, and where nobody is known by it, that text on every other channel. What is no number may be an
 * alphanumeric sender as well.
 */
export function soughtIdentity(
  rootKey: Pick<RootKey, 'contactId'>,
  { identity, channel, ...place }: SoughtIdentity,
): readonly [Sought, ...Sought[]] {
  const named = (one: string): Sought => ({
    identity: subscriber(one, identity).canonical,
    contactIds: contactsOf(rootKey, place, { channel: one, identity }),
  });
  if (channel !== undefined) return [named(channel)];
  const phone = named('SMS');
  const others: Sought = { identity, contactIds: contactsOf(rootKey, place, { channel: null, identity }) };
  const isNumber = inboundIdentity('SMS', identity) !== identity || /^[0-9]+$/u.test(identity);
  if (isNumber) return [phone, others];
  return [{ identity, contactIds: [...phone.contactIds, ...others.contactIds] }];
}

/**
 * Id of the contact that an identity in a query means, likeliest first, as in paths. The identity goes no
 * further than this: filters, page tokens and logs know the contact's id only.
 * @param known true for a contact that there is something to show of
 */
export function contactFilter(
  rootKey: Pick<RootKey, 'contactId'>,
  who: SoughtIdentity,
  known: (contactId: string) => boolean,
): string {
  const [first, ...others] = soughtIdentity(rootKey, who).flatMap(({ contactIds }) => contactIds);
  if (first === undefined || known(first)) return first ?? '';
  return others.find(known) ?? first;
}
