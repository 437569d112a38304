import type { RootKey } from '../../ledger/keys/root-key.js';
import { identitySpellings } from './identity-spellings.js';

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
