import type { MessageFilter } from '../../../projections/views/message-pages.js';
import { contactFilter } from '../../shapes/sought-identity.js';
import type { Api, AppDeps } from '../../deps.js';
import { fillPage } from '../../shapes/fill-page.js';
import { askedPage } from '../../shapes/page-tokens.js';
import { projectParams } from '../../wire/common.js';
import {
  MESSAGE_PAGE,
  messageList,
  messageListQuery,
  type MessageListQuery,
} from '../../wire/messages/message-list.js';
import { toWireMessage } from '../../wire/messages/message-stored.js';

/** `GET …/messages`: the Sinch Conversation API's list of messages of both directions. */
export function registerMessageList(app: Api, deps: AppDeps): void {
  const { views } = deps;
  app.get(
    '/v1/projects/:project_id/messages',
    {
      schema: {
        summary: 'List messages of both directions, newest first',
        tags: ['Messages'],
        params: projectParams,
        querystring: messageListQuery,
        response: { 200: messageList },
      },
    },
    async ({ params, query }) => {
      const { project_id: projectId } = params;
      const filter = filterOf(deps, projectId, query);
      const page = askedPage(deps, query, MESSAGE_PAGE, 'messages', projectId, JSON.stringify(filter));
      const { rows, nextKey } = await fillPage((read) => {
        const { messages, nextKey: next } = views.messages.page(projectId, filter, read);
        return { rows: messages, nextKey: next };
      }, page.read);
      return { messages: rows.map(toWireMessage), next_page_token: page.next(nextKey) };
    },
  );
}

const NO_FILTER: MessageFilter = {
  ...{ appId: null, contactId: null, channel: null, direction: null, state: null, from: null, to: null },
};

function filterOf({ views, rootKey }: AppDeps, projectId: string, query: MessageListQuery): MessageFilter {
  const { channel_identity: identity, app_id: appId } = query;
  const filter = {
    ...NO_FILTER,
    appId: appId || null,
    channel: query.channel ?? null,
    direction: directionOf(query),
    state: query.state ?? null,
    from: query.start_time ?? null,
    to: query.end_time ?? null,
  };
  if (!identity || !appId) return filter;
  const first = { afterKey: null, limit: 1 };
  const contactId = contactFilter(rootKey, { projectId, appId, identity, channel: query.channel }, (id) => {
    const ofContact = { ...NO_FILTER, appId, contactId: id };
    return views.messages.page(projectId, ofContact, first).messages.length > 0;
  });
  return { ...filter, contactId };
}

function directionOf(query: MessageListQuery): MessageFilter['direction'] {
  if (query.only_recipient_originated === 'true') return 'TO_APP';
  return query.direction === 'TO_APP' || query.direction === 'TO_CONTACT' ? query.direction : null;
}
