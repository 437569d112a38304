import type { ProviderOptOut, ReportStatus } from '../../domain/events/events.js';
import {
  refusedContent,
  type ProviderNews,
  type ProviderReading,
  type ProviderRefusal,
  type ProviderRequest,
} from '../provider/news.js';
import { ownMessageId } from '../provider/provider-id.js';
import { readTwilioAddress } from './twilio-addresses.js';
import { isTwilioBlock, twilioReason } from './twilio-codes.js';
import { isSignedByTwilio, type FormPairs } from './twilio-signature.js';

/** What a webhook of an account is checked against, its secrets opened. */
export interface TwilioInbound {
  /** Where the world reaches us, as configured at Twilio, without a slash at the end; null where nobody has said so. */
  readonly publicUrl: string | null;
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

/** @returns null for a webhook that Twilio signed with a token in force over our public URL and all its parameters */
export function verifyTwilioRequest(
  { publicUrl, authTokens }: TwilioInbound,
  { headers, body, path }: ProviderRequest,
): ProviderRefusal | null {
  if (publicUrl === null) return { ok: false, refused: 'no-public-url' };
  if (!isForm(headers['content-type'])) {
    return refusedContent('content-type', 'expected application/x-www-form-urlencoded');
  }
  const signature = headers['x-twilio-signature']?.toString();
  const isSigned = isSignedByTwilio(authTokens, { url: publicUrl + path, params: paramsOf(body) }, signature);
  return isSigned ? null : { ok: false, refused: 'signature' };
}

/**
 * Reads one verified webhook of Twilio's messaging: an incoming message, or a status callback, which alone has
 * `MessageStatus`. New parameters appear without notice: they are signed over and passed over.
 */
export function readTwilioRequest(_inbound: TwilioInbound, { body, path }: ProviderRequest): ProviderReading {
  const form: Form = new Map(paramsOf(body).map(([name, value]) => [name, value.toWellFormed()]));
  const sid = form.get('MessageSid') ?? form.get('SmsSid') ?? '';
  if (sid === '' || sid.length > LONGEST_SID)
    return refusedContent('MessageSid', 'expected the id of a message');
  const status = form.get('MessageStatus');
  return status === undefined
    ? readInbound(sid, form)
    : { ok: true, news: receiptsOf(sid, status, form, ownIdIn(path)) };
}

function paramsOf(body: Buffer): FormPairs {
  return [...new URLSearchParams(body.toString('utf8'))];
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
    return refusedContent('From', `expected 1 to ${String(LONGEST_ADDRESS)} characters`);
  }
  if (sender.length > LONGEST_ADDRESS) {
    return refusedContent('To', `expected at most ${String(LONGEST_ADDRESS)} characters`);
  }
  if (text !== undefined && text.length > LONGEST_TEXT) {
    return refusedContent('Body', `expected at most ${String(LONGEST_TEXT)} characters`);
  }
  // Media comes with an empty text where the person wrote none.
  const isMediaOnly = text === '' && Number(form.get('NumMedia')) > 0;
  const optOut = OPT_OUTS.get(form.get('OptOutType') ?? '');
  return {
    ok: true,
    news: [
      {
        kind: 'inbound',
        message: {
          ...{ provider: 'twilio', providerMessageId, channel, identity, sender },
          ...(text === undefined || isMediaOnly ? {} : { text }),
          ...(optOut === undefined ? {} : { providerOptOut: optOut }),
        },
      },
    ],
  };
}

function receiptsOf(
  providerMessageId: string,
  said: string,
  form: Form,
  messageId: string | null,
): readonly ProviderNews[] {
  const status = STATUSES.get(said);
  if (status === undefined) return [];
  const receipt = { messageId, providerMessageId, status };
  if (status !== 'FAILED') return [{ kind: 'receipt', receipt: { ...receipt, reason: null } }];
  const code = errorCode(form.get('ErrorCode'));
  const providerError =
    code === null ? {} : { providerError: { provider: 'twilio', code, block: isTwilioBlock(code) } };
  return [{ kind: 'receipt', receipt: { ...receipt, reason: twilioReason(code), ...providerError } }];
}

function errorCode(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,5}$/u.test(text) ? Number(text) : null;
}
