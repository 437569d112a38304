import { z } from 'zod';
import { query, type ApiClient } from './api-client.js';
import type { Entry } from './timeline.js';

const standing = z.object({
  identity: z.string(),
  lists: z.array(
    z.looseObject({ list_type: z.string(), opted_out: z.boolean(), decided_at: z.string().nullable() }),
  ),
});
const audit = z.object({
  audit_records: z.array(
    z.looseObject({ origin: z.string(), operation: z.string(), list_type: z.string(), datetime: z.string() }),
  ),
});
const text = z.object({ text_message: z.object({ text: z.string() }) });
const message = z.looseObject({
  id: z.string(),
  direction: z.enum(['TO_APP', 'TO_CONTACT']),
  channel_identity: z.object({ channel: z.string() }),
  app_message: z.unknown().optional(),
  contact_message: z.unknown().optional(),
  accept_time: z.string(),
});
type Message = z.infer<typeof message>;
const messages = z.object({ messages: z.array(message) });
const callbacks = z.object({
  callbacks: z.array(
    z.looseObject({
      id: z.string(),
      trigger: z.string(),
      endpoint_id: z.string(),
      event_time: z.string().nullable(),
      state: z.string(),
      attempts: z.number(),
    }),
  ),
});

/** States of a message as the list can be filtered by; an object of the Conversation API does not tell its own. */
const STATES = [
  'received',
  'accepted',
  'handing-over',
  'waiting',
  'blocked',
  'dispatched',
  'failed',
] as const;

const CHANGES: Readonly<Record<string, string>> = {
  OPERATION_INSERT: 'opted out',
  OPERATION_UPDATE: 'opted out again',
  OPERATION_DELETE: 'opted in',
};
const ORIGINS: Readonly<Record<string, string>> = { ORIGIN_MO: 'by a message', ORIGIN_API: 'by API' };

export interface TimelineParts {
  /** As the instance spells it. */
  readonly identity: string;
  readonly lists: z.infer<typeof standing>['lists'];
  /** Each oldest first. */
  readonly parts: readonly (readonly Entry[])[];
}

/** Everything that an instance knows of one identity within one app; the newest `limit` of each kind. */
export async function readTimeline(
  client: ApiClient,
  appId: string,
  identity: string,
  limit: number,
): Promise<TimelineParts> {
  const path = `/apps/${encodeURIComponent(appId)}/consents/identities/${encodeURIComponent(identity)}`;
  const [now, changes, sent, told] = await Promise.all([
    client.request(standing, 'GET', `${path}/standing`),
    client.request(audit, 'GET', path),
    readMessages(client, appId, identity, limit),
    client.request(callbacks, 'GET', `/callbacks${query({ app_id: appId, identity, page_size: limit })}`),
  ]);
  return {
    identity: now.identity,
    lists: now.lists,
    parts: [
      changes.audit_records.map((one) => ({
        ...{ at: one.datetime, kind: 'consent' as const, source: one },
        what: CHANGES[one.operation] ?? one.operation,
        detail: `${one.list_type}, ${ORIGINS[one.origin] ?? one.origin}`,
      })),
      ...sent,
      told.callbacks.toReversed().flatMap((one) =>
        one.event_time === null
          ? []
          : [
              {
                ...{ at: one.event_time, kind: 'callback' as const, source: one },
                what: `callback ${one.state}`,
                detail: `${one.trigger} to webhook ${one.endpoint_id}, ${String(one.attempts)} tries, ${one.id}`,
              },
            ],
      ),
    ],
  };
}

/** Asked state by state, so that each message is known to be blocked, or gone, or on its way. */
async function readMessages(
  client: ApiClient,
  appId: string,
  identity: string,
  limit: number,
): Promise<Entry[][]> {
  return Promise.all(
    STATES.map(async (state) => {
      const asked = query({ app_id: appId, channel_identity: identity, state, page_size: limit });
      const found = await client.request(messages, 'GET', `/messages${asked}`);
      return found.messages.toReversed().map((one) => toEntry(one, state));
    }),
  );
}

function toEntry(one: Message, state: string): Entry {
  const inbound = one.direction === 'TO_APP';
  const content = text.safeParse(inbound ? one.contact_message : one.app_message);
  const shown = content.success ? `“${content.data.text_message.text}”` : '(no text)';
  return {
    at: one.accept_time,
    kind: inbound ? 'message-in' : 'message-out',
    what: inbound ? 'message in' : `message out, ${state}`,
    detail: `${one.channel_identity.channel} ${shown} ${one.id}`,
    source: { ...one, state },
  };
}
