import { z } from 'zod';
import { LIST_TYPES } from '../../../domain/lists.js';
import { appParams } from '../common.js';
import { channelOfIdentity } from './identity-channel.js';
import { pageQuery } from '../paging.js';

export const listParams = appParams.extend({ list_type: z.enum(LIST_TYPES) });

/** Rows of a page of identities. */
export const LIST_PAGE = { standard: 10, max: 50 } as const;

export const listQuery = z.object(pageQuery(LIST_PAGE));

/** An identity in a path arrives as sent: a literal `+` stays a plus, `%2B` has become one. */
export const identityParams = appParams.extend({ identity: z.string().min(1).max(128) });

/** The Sinch Conversation API has no query here; the channel is our addition. */
export const auditQuery = z.object({ channel: channelOfIdentity.optional() });

/** Answer of `GET …/consents/{list_type}`: always both keys, an empty token on the last page. */
export const identitiesResponse = z.object({
  identities: z.array(z.object({ identity: z.string() })),
  next_page_token: z.string(),
});

/** One change of one list; clients require all six keys. */
export const auditRecord = z.object({
  origin: z.enum(['ORIGIN_MO', 'ORIGIN_API']),
  operation: z.enum(['OPERATION_INSERT', 'OPERATION_UPDATE', 'OPERATION_DELETE']),
  list_type: z.enum(LIST_TYPES),
  project_id: z.string(),
  app_id: z.string(),
  datetime: z.string(),
});

/** Answer of `GET …/consents/identities/{identity}`, oldest record first. */
export const auditResponse = z.object({
  identity: z.object({ identity: z.string() }),
  audit_records: z.array(auditRecord),
});
