import { z } from 'zod';
import type { ReportStatus } from '../../domain/events/events.js';
import { deliveryReason } from '../delivery-reasons.js';
import { isDeeperThan } from '../json-depth.js';
import type { InboundMessage } from '../../domain/consent/inbound-message.js';
import { readProviderTime } from '../../domain/moment.js';
import {
  refusedContent,
  type ProviderNews,
  type ProviderReading,
  type ProviderRefusal,
  type ProviderRequest,
} from '../provider/news.js';
import { ownMessageId } from '../provider/provider-id.js';
import { checkSinchSignature } from './sinch-signature.js';

/** The app at Sinch whose requests are taken, its secrets opened: the one in force, and the one before. */
export interface SinchInbound {
  readonly projectId: string;
  readonly appId: string;
  readonly secrets: readonly string[];
}

const text = z.string().nullish();

// Sinch adds keys over time and may send null for what is not set: only what is used here is looked at.
/** Who wrote is needed; a content that nobody knows yet is recorded as one without text, never turned away. */
const inboundMessage = z.object({
  id: z.string().min(1).max(256),
  channel_identity: z.object({
    channel: z.string().regex(/^[A-Z_]{1,32}$/u, 'expected a channel'),
    identity: z.string().min(1).max(128),
  }),
  contact_message: z
    .looseObject({ text_message: z.object({ text: z.string().max(65_536).nullish() }).nullish() })
    .nullish(),
  sender_id: text,
  metadata: text,
  direction: text,
  injected: z.boolean().nullish(),
});
const deliveryReport = z.object({
  message_id: z.string().min(1).max(256),
  status: z.string(),
  reason: z.object({ code: text }).nullish(),
  metadata: text,
});
const requestShape = z.object({
  app_id: text,
  project_id: text,
  accepted_time: text,
  event_time: text,
  correlation_id: text,
  message: inboundMessage.nullish(),
  message_delivery_report: deliveryReport.nullish(),
});
type SinchRequest = z.output<typeof requestShape>;
type Content = Readonly<Record<string, unknown>>;

/** A content that is nested deeper is recorded as one that nobody knows: no walk over it may end in the stack. */
const MAX_DEPTH = 32;

/** Statuses that are facts about the message; `SWITCHING_CHANNEL` is a step on the way. */
const STATUSES: ReadonlyMap<string, ReportStatus> = new Map(
  (['QUEUED_ON_CHANNEL', 'DELIVERED', 'READ', 'FAILED'] as const).map((status) => [status, status]),
);

/** @returns null for a request that Sinch signed lately with a secret in force */
export function verifySinchRequest(inbound: SinchInbound, request: ProviderRequest): ProviderRefusal | null {
  const verdict = checkSinchSignature(request, inbound.secrets);
  return verdict === 'valid' ? null : { ok: false, refused: verdict };
}

/** Reads one verified request of the Sinch Conversation API (a callback in its words), of whatever trigger: it tells one thing, or nothing. */
export function readSinchRequest(inbound: SinchInbound, request: ProviderRequest): ProviderReading {
  if (![undefined, 'identity'].includes(encodingOf(request))) {
    return refusedContent('content-encoding', 'expected a body that is not compressed');
  }
  // JSON is UTF-8, with or without its byte order mark.
  const json = new TextDecoder().decode(request.body);
  const parsed = requestShape.safeParse(parseJson(json));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refusedContent(issue?.path.join('.') ?? '', issue?.message ?? '');
  }
  const { app_id: appId, project_id: projectId } = parsed.data;
  if (isAnother(appId, inbound.appId))
    return refusedContent('app_id', 'expected the app of the channel settings');
  if (isAnother(projectId, inbound.projectId)) {
    return refusedContent('project_id', 'expected the project of the channel settings');
  }
  return { ok: true, news: newsOf(parsed.data, isDeeperThan(json, MAX_DEPTH)) };
}

function encodingOf({ headers }: ProviderRequest): string | undefined {
  return headers['content-encoding']?.toString().toLowerCase();
}

/** Some triggers come with empty ids. */
function isAnother(given: string | null | undefined, expected: string): boolean {
  return given !== undefined && given !== null && given !== '' && given !== expected;
}

/** Undefined when it is none. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function newsOf(parsed: SinchRequest, isDeep: boolean): readonly ProviderNews[] {
  const { message, message_delivery_report: report } = parsed;
  // What the business says to the person, put into a conversation, is nothing that came in.
  if (message?.direction === 'TO_CONTACT') return [];
  if (message) return [{ kind: 'inbound', message: toMessage(parsed, message, isDeep) }];
  const status = STATUSES.get(report?.status ?? '');
  if (!report || status === undefined) return [];
  // Sent along as metadata and as correlation id; either comes back.
  const ours = ownMessageId(report.metadata) ?? ownMessageId(parsed.correlation_id);
  const reason = status === 'FAILED' ? deliveryReason(report.reason?.code ?? undefined) : null;
  const receipt = { messageId: ours, providerMessageId: report.message_id, status, reason };
  return [{ kind: 'receipt', receipt }];
}

function toMessage(
  parsed: SinchRequest,
  message: z.output<typeof inboundMessage>,
  isDeep: boolean,
): InboundMessage {
  const { id, channel_identity: from, contact_message: content, sender_id: sender, metadata } = message;
  const receivedAt = readProviderTime(parsed.event_time) ?? readProviderTime(parsed.accepted_time);
  // Sinch leaves out what is empty: a text message without a text has an empty one.
  const said = content?.text_message ? (content.text_message.text ?? '') : undefined;
  return {
    provider: 'sinch',
    providerMessageId: id.toWellFormed(),
    channel: from.channel,
    identity: from.identity.toWellFormed(),
    sender: (sender ?? '').toWellFormed(),
    ...(said === undefined ? otherContent(isDeep ? null : content) : { text: said.toWellFormed() }),
    ...(metadata ? { metadata: metadata.toWellFormed() } : {}),
    ...(receivedAt === undefined ? {} : { receivedAt }),
    ...(message.injected === true ? { injected: true } : {}),
  };
}

/** What is no text, without what is not set. */
function otherContent(content: Readonly<Record<string, unknown>> | null | undefined): { content?: Content } {
  const set = Object.entries(content ?? {}).filter(([, value]) => value !== null);
  return set.length === 0 ? {} : { content: Object.fromEntries(set) };
}
