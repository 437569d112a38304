import { setTimeout as pause } from 'node:timers/promises';
import type { CallbackEvent, CallbackOutcome } from '../../../domain/events/events.js';
import { isCallbackEvent, readDeliveryLog } from '../../../ledger/reads/delivery-log.js';
import type { Ledger } from '../../../ledger/ledger.js';
import { Refusal } from '../../../domain/refusal.js';
import { requestRetry } from '../../../ledger/commands/request-retry.js';
import { callbackStream } from '../../../ledger/streams.js';
import { actorOf } from '../../auth/actor.js';
import { allows } from '../../auth/auth.js';
import { toCallbackDetail } from '../../shapes/callback-shapes.js';
import type { Api, AppDeps } from '../../deps.js';
import { notFound, unavailable } from '../../server/errors.js';
import { callbackParams, callbackRetry } from '../../wire/webhooks/callbacks.js';

/** The answer waits for so long for the outcome, and looks so often. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 100;
/** The views may take so long to know the callback. */
const VIEWS_MS = 2_000;

/** Serves `:retry`, which asks for one attempt of a callback now. */
export function registerCallbackRetry(app: Api, deps: AppDeps): void {
  const { clock, ledger, views, callbackHurry } = deps;
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });

  app.post(
    '/v1/projects/:project_id/callbacks/:callback_id(^[^:/]+)::retry',
    {
      schema: {
        summary: 'Try a callback now, also a parked one; 202 where the outcome takes more than 20 s',
        tags: ['Callbacks'],
        params: callbackParams,
        response: { 200: callbackRetry, 202: callbackRetry },
      },
    },
    async (request, reply) => {
      const lastMs = clock.now() + PATIENCE_MS;
      const { project_id: projectId, callback_id: callbackId } = request.params;
      await views.passed(request.acknowledged, VIEWS_MS);
      const item = views.callbacks.item(projectId, callbackId);
      if (item === undefined) throw await whyNot(ledger, projectId, callbackId);
      if (!(await callbackHurry.reachable())) throw unavailable('Temporal does not answer, nothing was done');
      const view = views.callbacks.open(projectId, callbackId);
      const after = await requestRetry(deps, { projectId, callbackId, actor: actorOf(request) });
      // The very first request of a callback is on its way by itself.
      if (after >= 0) await callbackHurry.wake(item);
      const isOver = (): boolean => closing || reply.raw.closed || clock.now() >= lastMs;
      const outcome = await outcomeAfter(ledger, callbackId, after, isOver);
      const log = await readDeliveryLog(ledger, callbackId);
      const detail = toCallbackDetail(log, view, allows(request.principal.scopes, 'admin'));
      if (detail === undefined) throw notFound('callback');
      const attempt = outcome === undefined ? detail.attempts + 1 : attemptOf(outcome);
      return reply.code(outcome === undefined ? 202 : 200).send({ ...detail, retry_attempt: attempt });
    },
  );
}

/** Says why there is nothing to be tried. */
async function whyNot(
  ledger: Pick<Ledger, 'readStream'>,
  projectId: string,
  callbackId: string,
): Promise<Error> {
  const log = await readDeliveryLog(ledger, callbackId);
  const isDelivered = log?.data.projectId === projectId && log.state === 'delivered';
  return new Refusal(isDelivered ? 'callback-delivered' : 'callback-not-found');
}

/** Waits for the first outcome after a revision; undefined when the time is up. */
async function outcomeAfter(
  ledger: Pick<Ledger, 'readStream'>,
  callbackId: string,
  revision: number,
  isOver: () => boolean,
): Promise<CallbackOutcome | undefined> {
  for (;;) {
    const read = { from: revision + 1, direction: 'forwards', limit: 10 } as const;
    const events = (await ledger.readStream(callbackStream(callbackId), read)).map(({ event }) => event);
    const outcome = events.filter(isCallbackEvent).find(isOutcome);
    if (outcome !== undefined || isOver()) return outcome;
    await pause(LOOK_EVERY_MS);
  }
}

function isOutcome(event: CallbackEvent): event is CallbackOutcome {
  return event.type !== 'callback-retry-requested';
}

function attemptOf(outcome: CallbackOutcome): number | null {
  if (outcome.type === 'callback-parked') return outcome.data.last?.attempt ?? null;
  return outcome.data.attempt;
}
