import type { TokenSource } from '../../channels/client-token.js';
import { unsigned } from '../../channels/signer.js';
import type { HttpAnswer, HttpSender } from '../../http-client/http-sender.js';
import type { Clock } from '../../domain/clock.js';
import type { OwedCallback } from '../../domain/owed.js';
import { disableEndpoint } from '../../ledger/commands/endpoint-commands.js';
import { webhookId } from '../../ledger/event-ids.js';
import type { Ledger } from '../../ledger/ledger.js';
import { Refusal } from '../../domain/refusal.js';
import { attemptEvent, judgeAnswer, type MadeAttempt } from './callback-outcome.js';
import { recordCallbackOutcome, type CallbackProgress } from './callback-progress.js';
import type { CallbackContent } from './callback-contents.js';
import type { CallbackTarget } from './callback-targets.js';
import { CallbackFault, type CallbackResult } from './callback-types.js';
import type { RequestEnd } from './endpoint-limits.js';

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
  readonly progress: CallbackProgress;
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
  const { item, content, target, progress } = job;
  const made = await request(deps, job);
  const { delivery } = target;
  const nowMs = deps.clock.now();
  const result = await recordCallbackOutcome(deps, item, progress, (known) =>
    attemptEvent(item, content, made, { progress: known, delivery, nowMs }),
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

interface CallbackRequest {
  readonly body: Buffer;
  readonly deadlineMs: number;
  readonly token?: string;
}

function post(deps: AttemptDeps, job: CallbackJob, request: CallbackRequest): Promise<HttpAnswer> {
  const { body, deadlineMs, token } = request;
  const headers = signedHeaders(deps, job, body);
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  return deps.http.post({ url: job.target.url, headers, body, timeoutMs: rest(deps, deadlineMs) });
}

/** Nonce and time are fresh for each request; the ids and the body stay. */
function signedHeaders(
  { clock, newNonce }: AttemptDeps,
  { item, content, target: { signer }, progress }: CallbackJob,
  body: Buffer,
): Record<string, string> {
  // This id is the same for the same event and trigger at every endpoint and on every attempt.
  const id = webhookId(content.eventId, item.trigger);
  const nonce = newNonce();
  const nowMs = clock.now();
  return {
    'content-type': 'application/json',
    ...(signer === null ? unsigned(id, nowMs) : signer.sign({ id, body, nonce, nowMs })),
    'optledger-delivery-id': item.callbackId,
    'optledger-attempt': String(progress.attempts + 1),
    ...(content.sequence === null ? {} : { 'optledger-sequence': String(content.sequence) }),
  };
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
