import { inboundIdentity, type IdentityProblem } from '../../domain/identity.js';
import type { RootKey } from '../../ledger/keys/root-key.js';
import { invalidField, type ApiError } from '../server/errors.js';

const EXPECTED: Readonly<Record<IdentityProblem, string>> = {
  empty: 'expected an identity',
  'too-long': 'expected at most 128 characters',
  'not-international': 'expected a phone number in international form: country code first, no leading 0',
};

/** 400 for an identity that cannot be used; names its field and never repeats it. */
export function identityProblem(field: string, problem: IdentityProblem): ApiError {
  return invalidField(field, EXPECTED[problem]);
}

/**
 * The identities that one in a path may mean, likeliest first. A path names no channel: what reads as a phone
 * number means its digits, with or without `+`; otherwise, or where nobody has those, it is taken byte by byte.
 */
export function identitySpellings(sent: string): readonly [string, ...string[]] {
  const phone = inboundIdentity('SMS', sent);
  return phone === sent ? [phone] : [phone, sent];
}

/**
 * Id of the contact that an identity in a query means, likeliest spelling first, as in paths. The identity goes no
 * further than this: filters, page tokens and logs know the contact's id only.
 * @param known true for a contact that there is something to show of
 */
export function contactFilter(
  rootKey: Pick<RootKey, 'contactId'>,
  { projectId, appId, identity }: { projectId: string; appId: string; identity: string },
  known: (contactId: string) => boolean,
): string {
  const [first, ...others] = identitySpellings(identity).map((spelling) =>
    rootKey.contactId(projectId, appId, spelling),
  );
  if (first === undefined || known(first)) return first ?? '';
  return others.find(known) ?? first;
}
