import { holdsUntil } from '../../../domain/consent/held-stops.js';
import { isSuspected } from '../../../domain/consent/suspicion-decision.js';
import { Refusal } from '../../../domain/refusal.js';
import { endSuspicion } from '../../../ledger/commands/decide-suspicion.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { contactStream } from '../../../ledger/streams.js';
import type { SuspicionRow } from '../../../projections/views/suspicions.js';
import { actorOf } from '../../auth/actor.js';
import type { Api, AppDeps } from '../../deps.js';
import { notFound, unavailable } from '../../server/errors.js';
import { askedPage } from '../../shapes/page-tokens.js';
import { appParams } from '../../wire/common.js';
import {
  decideRequest,
  decideResponse,
  SUSPICION_PAGE,
  suspicionList,
  suspicionParams,
  suspicionQuery,
  type WireSuspicion,
} from '../../wire/consents/suspicions.js';

const tags = ['Consents'];
const PATH = '/v1/projects/:project_id/apps/:app_id/suspicions';
/** How long the views may take to know the message. */
const VIEWS_MS = 2_000;

/** Stops that were said in a sentence, for somebody to decide over. */
export function registerSuspicions(app: Api, deps: AppDeps): void {
  registerList(app, deps);
  registerDecide(app, deps);
}

function registerList(app: Api, deps: AppDeps): void {
  const { views } = deps;
  app.get(
    PATH,
    {
      schema: {
        summary: 'List stops that were said in a sentence, oldest first',
        tags,
        params: appParams,
        querystring: suspicionQuery,
        response: { 200: suspicionList },
      },
    },
    async ({ params: { project_id: projectId, app_id: appId }, query }) => {
      if (views.apps.get(projectId, appId) === undefined) throw notFound('app');
      const state = query.state ?? null;
      const page = askedPage(deps, query, SUSPICION_PAGE, 'suspicions', projectId, appId, state ?? 'all');
      const { rows, nextKey } = views.suspicions.page(appId, state, page.read);
      const suspicions = await Promise.all(rows.map((row) => toWire(deps, row)));
      return { suspicions, next_page_token: page.next(nextKey) };
    },
  );
}

function registerDecide(app: Api, deps: AppDeps): void {
  const { ledger, views } = deps;
  app.post(
    `${PATH}/:suspicion_id(^[^:/]+)::decide`,
    {
      schema: {
        summary: 'Decide whether somebody asked for a stop',
        description:
          'The first decision counts; the same again changes nothing. A stop opts the person out of the list as `consents:record` does, with what they wrote as evidence.',
        tags,
        params: suspicionParams,
        body: decideRequest,
        response: { 200: decideResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId, suspicion_id: suspicionId } = request.params;
      const { decision } = request.body;
      const now = await readApp(ledger, projectId, appId);
      await views.passed(request.acknowledged, VIEWS_MS);
      const place = views.suspicions.find(appId, suspicionId);
      if (place === undefined) throw new Refusal('suspicion-not-found');
      const actor = actorOf(request);
      const { eventId, repeated } = await endSuspicion(deps, { app: now, place, decision, actor });
      return { id: suspicionId, decision, event_id: eventId, repeated };
    },
  );
}

/** What the person wrote stands in the ledger only, and is read from there. */
async function toWire({ ledger, clock }: AppDeps, row: SuspicionRow): Promise<WireSuspicion> {
  const read = { from: row.revision, direction: 'forwards', limit: 1 } as const;
  const [recorded] = await ledger.readStream(contactStream(row.contactId), read);
  const event = recorded?.event;
  if (event?.type !== 'message-received' || !isSuspected(event))
    throw unavailable('the ledger cannot answer now');
  const { data, personal, meta } = event;
  const { listType, language } = data.suspected;
  const until = holdsUntil({ eventId: event.id, listType, since: meta.recordedAt });
  const isHeld = row.treatment === 'hold' && row.settled === null && until > clock.now();
  return {
    id: row.suspicionId,
    message_id: data.messageId,
    identity: personal?.identity ?? '',
    channel: data.channel,
    text: personal?.text ?? '',
    phrase: personal?.suspectedPhrase ?? '',
    ...{ language, list_type: listType, received_at: meta.recordedAt, treatment: row.treatment },
    held_until: isHeld ? new Date(until).toISOString() : null,
    state: row.settled === null ? 'open' : 'decided',
    decision: row.settled,
    ...{ decided_at: row.settledAt, decided_by: row.decidedBy, decision_event_id: row.settledEventId },
  };
}
