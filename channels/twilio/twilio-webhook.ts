import type { ProviderOptOut, ReportStatus } from '../../domain/events/events.js';
import type { ProviderNews, ProviderReading, ProviderRequest } from '../provider.js';
import { ownMessageId } from '../provider-id.js';
import { readTwilioAddress } from './twilio-addresses.js';
import { isTwilioBlock, twilioReason } from './twilio-codes.js';
import { isSignedByTwilio } from './twilio-signature.js';

/** What a webhook of an account is checked against, its secrets opened. */
export interface TwilioInbound {
  /** Where the world reaches us, as configured at Twilio, without a slash at the end. */
  readonly publicUrl: string;
  /** The auth token in force, and the one before. */
  readonly authTokens: readonly string[];
}

type Form = ReadonlyMap<string, string>;

/** Longest address that is recorded; no channel has longer ones. */
const LONGEST_ADDRESS = 128;
const LONGEST_SID = 256;
const LONGEST_TEXT = 65_536;

const OPT_OUTS: ReadonlyMap<string, ProviderOptOut> = new Map(
  (['STOP', 'START', 'HELP'] as const).map((type) => [type, type]),
);

/** Message status values (Twilio docs, "Messages resource"); what is not here tells nothing that is recorded. */
const STATUSES: ReadonlyMap<string, ReportStatus> = new Map<string, ReportStatus>([
  ['queued', 'QUEUED_ON_CHANNEL'],
  ['sending', 'QUEUED_ON_CHANNEL'],
  ['sent', 'QUEUED_ON_CHANNEL'],
  ['delivered', 'DELIVERED'],
  ['read', 'READ'],
  ['undelivered', 'FAILED'],
  ['failed', 'FAILED'],
  ['canceled', 'FAILED'],
]);

/**
 * Verifies and reads one webhook of Twilio's messaging: an incoming message, or a status callback, which alone has
 * `MessageStatus`. New parameters appear without notice: they are signed over and passed over.
 */
export function readTwilioWebhook(
  { publicUrl, authTokens }: TwilioInbound,
  { headers, body, path }: ProviderRequest,
): ProviderReading {
  if (!isForm(headers['content-type'])) {
    return refuse('content-type', 'expected application/x-www-form-urlencoded');
  }
  const params = [...new URLSearchParams(body.toString('utf8'))];
  const signature = headers['x-twilio-signature']?.toString();
  if (!isSignedByTwilio(authTokens, { url: publicUrl + path, params }, signature)) {
    return { ok: false, refused: 'signature' };
  }
  const form: Form = new Map(params.map(([name, value]) => [name, value.toWellFormed()]));
  const sid = form.get('MessageSid') ?? form.get('SmsSid') ?? '';
  if (sid === '' || sid.length > LONGEST_SID) return refuse('MessageSid', 'expected the id of a message');
  const status = form.get('MessageStatus');
  return status === undefined
    ? readInbound(sid, form)
    : { ok: true, news: receiptOf(sid, status, form, ownIdIn(path)) };
}

function isForm(contentType: string | readonly string[] | undefined): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/iu.test(contentType?.toString() ?? '');
}

/** Our own id, which we put into the URL of the status callback; the signature is over it. */
function ownIdIn(path: string): string | null {
  return ownMessageId(new URLSearchParams(path.split('?')[1] ?? '').get('message_id'));
}

function readInbound(providerMessageId: string, form: Form): ProviderReading {
  const { channel, address: identity } = readTwilioAddress(form.get('From') ?? '');
  const { address: sender } = readTwilioAddress(form.get('To') ?? '');
  const text = form.get('Body');
  if (identity === '' || identity.length > LONGEST_ADDRESS) {
    return refuse('From', `expected 1 to ${String(LONGEST_ADDRESS)} characters`);
  }
  if (sender.length > LONGEST_ADDRESS) {
    return refuse('To', `expected at most ${String(LONGEST_ADDRESS)} characters`);
  }
  if (text !== undefined && text.length > LONGEST_TEXT) {
    return refuse('Body', `expected at most ${String(LONGEST_TEXT)} characters`);
  }
  // Media comes with an empty text where the person wrote none.
  const isMediaOnly = text === '' && Number(form.get('NumMedia')) > 0;
  const optOut = OPT_OUTS.get(form.get('OptOutType') ?? '');
  return {
    ok: true,
    news: {
      kind: 'inbound',
      message: {
        ...{ provider: 'twilio', providerMessageId, channel, identity, sender },
        ...(text === undefined || isMediaOnly ? {} : { text }),
        ...(optOut === undefined ? {} : { providerOptOut: optOut }),
      },
    },
  };
}

function receiptOf(
  providerMessageId: string,
  said: string,
  form: Form,
  messageId: string | null,
): ProviderNews {
  const status = STATUSES.get(said);
  if (status === undefined) return { kind: 'other' };
  const receipt = { messageId, providerMessageId, status };
  if (status !== 'FAILED') return { kind: 'receipt', receipt: { ...receipt, reason: null } };
  const code = errorCode(form.get('ErrorCode'));
  return {
    kind: 'receipt',
    receipt: {
      ...receipt,
      reason: twilioReason(code),
      ...(code === null ? {} : { providerError: { provider: 'twilio', code, block: isTwilioBlock(code) } }),
    },
  };
}

function errorCode(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,5}$/u.test(text) ? Number(text) : null;
}

function refuse(field: string, expected: string): ProviderReading {
  return { ok: false, refused: 'content', field, expected };
}
