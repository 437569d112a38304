import { OTHER_CHANNELS } from '../../domain/identity/channels.js';
import { strictIdentity, unnamedIdentity, type IdentityProblem } from '../../domain/identity/identity.js';
import type { RootKey } from '../../ledger/keys/root-key.js';
import { invalidField, type ApiError } from '../server/errors.js';

const EXPECTED: Readonly<Record<IdentityProblem, string>> = {
  empty: 'expected an identity',
  'too-long': 'expected at most 128 characters',
  'not-international': 'expected a phone number in international form: country code first, no leading 0',
  unclear: 'expected one phone number and nothing else, or the channel that the identity is one of',
};

/** 400 for an identity that cannot be used; names its field and never repeats it. */
export function identityProblem(field: string, problem: IdentityProblem): ApiError {
  return invalidField(field, EXPECTED[problem]);
}

/** Whom a change or a question by API is about. */
export interface ChangeIdentity {
  /** Null: whoever has this identity on any of the channels that are not by phone number. */
  readonly channel: string | null;
  readonly identity: string;
}

/**
 * Reads an identity strictly. Where no channel is named, what reads as a phone number is one.
 * @throws ApiError 400 that names `field`, for whatever is not clearly one identity
 */
export function changeIdentity(
  field: string,
  { channel, identity }: { readonly channel?: string | undefined; readonly identity: string },
): ChangeIdentity {
  const read =
    channel === undefined ? unnamedIdentity(identity) : { channel, ...strictIdentity(channel, identity) };
  if (!read.ok) throw identityProblem(field, read.problem);
  return { channel: read.channel, identity: read.identity };
}

interface Place {
  readonly projectId: string;
  readonly appId: string;
}

/** Ids of the contacts that an identity means; a null channel: on every channel that is not by phone number. */
export function contactsOf(
  rootKey: Pick<RootKey, 'contactId'>,
  { projectId, appId }: Place,
  { channel, identity }: { readonly channel: string | null; readonly identity: string },
): readonly string[] {
  const channels = channel === null ? OTHER_CHANNELS : [channel];
  return channels.map((one) => rootKey.contactId(projectId, appId, { channel: one, identity }));
}
