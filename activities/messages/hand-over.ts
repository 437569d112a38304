import type { Channel, OutboundMessage, PreparedHandOver } from '../../channels/channel.js';
import type { Clock } from '../../domain/clock.js';
import type { MessageAccepted, MessageEvent } from '../../domain/events/events.js';
import type { AppState } from '../../domain/settings.js';
import { appendClearly } from '../../ledger/append-clearly.js';
import { RevisionConflict } from '../../ledger/errors.js';
import type { Appended, Ledger } from '../../ledger/ledger.js';
import { appStateOf } from '../../ledger/reads/app-reads.js';
import { recordedAtAfter } from '../../ledger/recorded-at.js';
import { appStream } from '../../ledger/streams.js';
import { lastEventReader, type ChannelFor } from './decision-facts.js';
import { blockedEvent, failedEvent, intentEvent, openingEvents, type Intent } from './hand-over-events.js';
import { mayRepeat } from './hand-over-repeat.js';
import { redeemAndBegin, type RedeemDeps } from './hand-over-redeem.js';
import { settleHandOver, settleStale } from './hand-over-settle.js';
import type { MessagePlan, MessageResult } from './hand-over-types.js';
import { readMessageStream, type MessageReading } from './message-reading.js';

export interface HandOverDeps extends RedeemDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly channelFor: ChannelFor;
  /** A fresh UUID. */
  readonly newId: () => string;
}

/** How others take part in one hand-over. */
export interface HandOverHooks {
  /** Once it is aborted, nothing new may be begun; a hand-over that has its intent goes on. */
  readonly signal: AbortSignal;
  /** Called when the intent stands: from then on the outcome will be recorded in this process. */
  readonly onIntent?: () => void;
  /** Called when the call runs: from then on it is the channel that is waited for. */
  readonly onCall?: () => void;
}

/**
 * Carries out what a workflow decided over one message: intent, redemption, call, outcome (see docs/adr/003).
 * What is found to have moved is left alone and comes back as `again`.
 * @throws our own faults only, and only before the call began or when the ledger stays silent after it
 */
export async function handOver(
  deps: HandOverDeps,
  plan: MessagePlan,
  { signal, onIntent, onCall }: HandOverHooks,
): Promise<MessageResult> {
  const { messageId } = plan.item;
  const reading = await readMessageStream(deps.ledger, plan.item);
  const { state, revision } = reading.progress;
  if (state === 'blocked' || state === 'dispatched' || state === 'failed') {
    return { messageId, state: 'ended', as: state };
  }
  if (revision !== plan.revision) return { messageId, state: 'again', why: 'conflict' };
  if (plan.action !== 'hand-over') return endWithoutCall(deps, reading, plan);

  // For the preparation any recent state will do: the redemption reads again what decides.
  const app = appStateOf(await lastEventReader(deps.ledger)(appStream(plan.item.appId)));
  const channel = app === undefined ? undefined : deps.channelFor(app);
  if (app === undefined || channel === undefined) return { messageId, state: 'again', why: 'stale' };
  if (!(await mayRepeat(deps.ledger, reading, app, channel))) {
    const { attempt } = reading.progress;
    return endWithoutCall(deps, reading, { ...plan, action: 'fail', attempt, reason: 'DELIVERY_TIMED_OUT' });
  }
  const prepared = await channel.prepare(outboundMessage(reading.accepted, plan.attempt));
  try {
    if (signal.aborted) return { messageId, state: 'again', why: 'withdrawn' };
    const intent = await appendIntent(deps, reading, plan, app.channel.type);
    if (intent === null) return { messageId, state: 'again', why: 'conflict' };
    onIntent?.();
    return await callAndSettle(deps, { plan, app, channel, prepared, intent, reading, onCall });
  } finally {
    prepared.release();
  }
}

interface Call {
  readonly plan: MessagePlan;
  readonly app: AppState;
  readonly channel: Channel;
  readonly prepared: PreparedHandOver;
  readonly intent: Intent;
  readonly reading: MessageReading;
  readonly onCall: (() => void) | undefined;
}

async function callAndSettle(deps: HandOverDeps, call: Call): Promise<MessageResult> {
  const { plan, app, channel, prepared, intent, reading } = call;
  const { accepted } = reading;
  const redeemable = { permit: plan.permit, accepted, app, prepared };
  // Where the permit cannot be confirmed, nothing is called, and the workflow decides anew.
  const began = await redeemAndBegin(deps, redeemable).catch(() => null);
  if (began === null) return settleStale(deps, intent);
  call.onCall?.();
  // A channel that breaks in mid-call may have been heard: that is unknown, not a fault to try again.
  const outcome = await began.call.catch(() => ({ outcome: 'unknown' }) as const);
  const unresolved = reading.unresolved + 1;
  return settleHandOver(deps, intent, { outcome, idempotent: channel.idempotent, unresolved });
}

/** Appends `message-handing-over`; null when somebody else has the message. */
async function appendIntent(
  deps: HandOverDeps,
  reading: MessageReading,
  plan: MessagePlan,
  channelType: string,
): Promise<Intent | null> {
  const { stream, accepted } = reading;
  const recordedAt = timeAfter(deps.clock, reading);
  const id = deps.newId();
  const events = [
    ...openingEvents(reading, recordedAt),
    intentEvent(reading, plan, { id, recordedAt, channelType }),
  ];
  const appended = await appendAt(deps, reading, events);
  if (appended === null) return null;
  const { revision, duplicate } = appended;
  // A duplicate may be a twin's opening of the same reply: only our own intent lets us call.
  if (duplicate && (await idAt(deps.ledger, stream, revision)) !== id) return null;
  return { stream, accepted, revision, recordedAt, attempt: plan.attempt };
}

async function endWithoutCall(
  deps: HandOverDeps,
  reading: MessageReading,
  plan: Exclude<MessagePlan, { action: 'hand-over' }>,
): Promise<MessageResult> {
  const { messageId } = plan.item;
  const recordedAt = timeAfter(deps.clock, reading);
  const { stream, accepted } = reading;
  const end =
    plan.action === 'block'
      ? blockedEvent(reading, plan, recordedAt)
      : failedEvent({ stream, accepted, attempt: plan.attempt }, { reason: plan.reason }, recordedAt);
  const appended = await appendAt(deps, reading, [...openingEvents(reading, recordedAt), end]);
  if (appended === null) return { messageId, state: 'again', why: 'conflict' };
  return { messageId, state: 'ended', as: plan.action === 'block' ? 'blocked' : 'failed' };
}

async function idAt(ledger: Ledger, stream: string, revision: number): Promise<string | undefined> {
  const [stands] = await ledger.readStream(stream, { from: revision, direction: 'forwards', limit: 1 });
  return stands?.event.id;
}

/** Appends at the revision read; null on a conflict, where somebody else has the message. */
async function appendAt(
  deps: HandOverDeps,
  reading: MessageReading,
  events: MessageEvent[],
): Promise<Appended | null> {
  try {
    return await appendClearly(deps, reading.stream, events, reading.last?.revision ?? 'none');
  } catch (error) {
    if (error instanceof RevisionConflict) return null;
    throw error;
  }
}

function timeAfter(clock: Clock, { last }: MessageReading): string {
  return recordedAtAfter(last?.recordedAt, clock.now());
}

/** The first recipient gets the message; a send that names several is blocked whole where one of them is. */
function outboundMessage({ data, personal }: MessageAccepted, attempt: number): OutboundMessage {
  const { messageId, projectId, appId, kind, contentType, recipients } = data;
  const message = personal?.message ?? {};
  return {
    ...{ messageId, projectId, appId, kind, contentType, message, attempt },
    channel: recipients[0]?.channel ?? '',
    identity: personal?.identities[0] ?? '',
    sender: personal?.sender ?? '',
    text: textOf(message),
  };
}

function textOf(message: Readonly<Record<string, unknown>>): string {
  const text = message['text_message'];
  const isText = typeof text === 'object' && text !== null && 'text' in text && typeof text.text === 'string';
  return isText ? (text.text as string) : JSON.stringify(message);
}
