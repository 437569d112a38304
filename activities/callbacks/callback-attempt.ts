import type { HttpAnswer, HttpSender } from '../../http-client/http-sender.js';
import type { Clock } from '../../domain/clock.js';
import type { OwedCallback } from '../../domain/owed.js';
import { disableEndpoint } from '../../ledger/commands/endpoint-commands.js';
import { webhookId } from '../../ledger/event-ids.js';
import type { Ledger } from '../../ledger/ledger.js';
import { Refusal } from '../../ledger/refusal.js';
import type { CallbackHistory } from './callback-history.js';
import { attemptEvent, judgeAnswer, type MadeAttempt } from './callback-outcome.js';
import { recordOutcome } from './callback-record.js';
import type { CallbackContent } from './callback-sources.js';
import type { CallbackTarget } from './callback-targets.js';
import type { TokenSource } from '../../channels/client-token.js';
import { CallbackFault, type CallbackResult } from './callback-types.js';
import type { RequestEnd } from './endpoint-limits.js';
import { callbackHeaders } from './sign-callback.js';

export interface AttemptDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly http: HttpSender;
  readonly tokens: TokenSource;
  /** A fresh value for each request, e.g. a ULID. */
  readonly newNonce: () => string;
}

/** A callback that is ready to go. */
export interface CallbackJob {
  readonly item: OwedCallback;
  readonly content: CallbackContent;
  readonly target: Extract<CallbackTarget, { kind: 'deliver' }>;
  readonly history: CallbackHistory;
}

/**
 * Makes one request and records what became of it; after a 410 the endpoint is disabled.
 * @returns the result, and what the request told about its endpoint (null: nothing)
 * @throws CallbackFault `stopping` when the request was aborted, which records nothing; our own faults
 */
export async function attemptCallback(
  deps: AttemptDeps,
  job: CallbackJob,
): Promise<{ readonly result: CallbackResult; readonly end: RequestEnd | null }> {
  const { item, content, target, history } = job;
  const made = await request(deps, job);
  const { delivery } = target;
  const nowMs = deps.clock.now();
  const result = await recordOutcome(deps, item, history, (known) =>
    attemptEvent(item, content, made, { history: known, delivery, nowMs }),
  );
  // A message's own `callback_url` is no endpoint of the app, so nothing is disabled then.
  if (made.class === 'gone') await disable(deps, item, target.url);
  return { result, end: endOf(made) };
}

async function request(deps: AttemptDeps, job: CallbackJob): Promise<MadeAttempt> {
  const { target, item, content } = job;
  const { delivery, credentials } = target;
  const beganMs = deps.clock.now();
  const deadlineMs = beganMs + delivery.timeoutS * 1000;
  const body = content.body(item.trigger);
  const judged = (answer: HttpAnswer, viaToken: boolean): MadeAttempt => {
    if (answer.fault === 'aborted') throw new CallbackFault('stopping');
    return judgeAnswer(answer, delivery, { nowMs: deps.clock.now(), beganMs, viaToken });
  };
  if (credentials === null) return judged(await post(deps, job, { body, deadlineMs }), false);

  const first = await deps.tokens.get(credentials, rest(deps, deadlineMs));
  if (!first.ok) return judged(first.answer, true);
  const answer = await post(deps, job, { body, deadlineMs, token: first.token });
  if (answer.status !== 401) return judged(answer, false);
  // The receiver may have forgotten the token before its time; once, a new one is worth a try.
  deps.tokens.drop(credentials, first.token);
  const second = await deps.tokens.get(credentials, rest(deps, deadlineMs));
  if (!second.ok) return judged(second.answer, true);
  return judged(await post(deps, job, { body, deadlineMs, token: second.token }), false);
}

function post(
  deps: AttemptDeps,
  { item, content, target, history }: CallbackJob,
  {
    body,
    deadlineMs,
    token,
  }: { readonly body: Buffer; readonly deadlineMs: number; readonly token?: string },
): Promise<HttpAnswer> {
  const headers = callbackHeaders(
    {
      callbackId: item.callbackId,
      webhookId: webhookId(content.eventId, item.trigger),
      attempt: history.attempts + 1,
      sequence: content.sequence,
      body,
      nonce: deps.newNonce(),
      nowMs: deps.clock.now(),
    },
    target.signer,
  );
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  return deps.http.post({ url: target.url, headers, body, timeoutMs: rest(deps, deadlineMs) });
}

function rest({ clock }: AttemptDeps, deadlineMs: number): number {
  return Math.max(1, deadlineMs - clock.now());
}

async function disable(
  deps: AttemptDeps,
  { projectId, appId, endpointId }: OwedCallback,
  url: string,
): Promise<void> {
  const target = { projectId, appId, endpointId, actor: { type: 'system' } } as const;
  try {
    await disableEndpoint(deps, target, { reason: 'gone', address: url });
  } catch (error) {
    // The app was deleted meanwhile: nobody is left to be disabled.
    if (!(error instanceof Refusal)) throw error;
  }
}

function endOf({ answer, fault }: MadeAttempt): RequestEnd | null {
  if (answer.status === 429) return 'throttled';
  if (answer.status !== null) return 'answered';
  return fault === 'timeout' ? 'timed-out' : null;
}
