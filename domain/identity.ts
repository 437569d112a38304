/** Channels of the Sinch Conversation API; `CHANNEL_UNSPECIFIED` is invalid in requests and absent here. */
export const CHANNELS = [
  'WHATSAPP',
  'RCS',
  'SMS',
  'MESSENGER',
  'VIBERBM',
  'MMS',
  'INSTAGRAM',
  'TELEGRAM',
  'KAKAOTALK',
  'KAKAOTALKCHAT',
  'LINE',
  'WECHAT',
  'APPLEBC',
] as const;

/** Channels whose identities are phone numbers: every spelling of a number is one identity. */
export const PHONE_CHANNELS = ['SMS', 'MMS', 'WHATSAPP', 'RCS', 'VIBERBM'] as const;

/** Longest identity in UTF-16 code units, as given and before any normalising. */
export const MAX_IDENTITY_LENGTH = 128;

export type IdentityProblem = 'empty' | 'too-long' | 'not-international';
export type CanonicalIdentity =
  | { readonly ok: true; readonly identity: string }
  | { readonly ok: false; readonly problem: IdentityProblem };

const phoneChannels: ReadonlySet<string> = new Set(PHONE_CHANNELS);
const SEPARATORS = /[\s\-.()]/gu;
const INTERNATIONAL_PREFIX = /^(?:\+|00)/u;
const PHONE_DIGITS = /^[0-9]{3,15}$/u;

/** Without separators and without one leading `+` or `00`; still anything, not only digits. */
function stripped(raw: string): string {
  return raw.replace(SEPARATORS, '').replace(INTERNATIONAL_PREFIX, '');
}

/**
 * The identity that a send or an API call means. On phone channels 3–15 digits without `+` (E.164 without its
 * sign); a leading 0 is a national number, which nobody can resolve. Elsewhere byte-exact.
 */
export function canonicalIdentity(channel: string, raw: string): CanonicalIdentity {
  if (raw.length > MAX_IDENTITY_LENGTH) return { ok: false, problem: 'too-long' };
  const identity = phoneChannels.has(channel) ? stripped(raw) : raw;
  if (identity === '') return { ok: false, problem: 'empty' };
  if (!phoneChannels.has(channel)) return { ok: true, identity };
  if (!PHONE_DIGITS.test(identity) || identity.startsWith('0')) {
    return { ok: false, problem: 'not-international' };
  }
  return { ok: true, identity };
}

/**
 * The identity of an inbound sender of at most 128 characters; refuses none. What is no number (alphanumeric
 * senders) is kept as it is, and so is what would be stripped again when read back, so that this is idempotent.
 */
export function inboundIdentity(channel: string, raw: string): string {
  if (!phoneChannels.has(channel)) return raw;
  const identity = stripped(raw);
  return PHONE_DIGITS.test(identity) && !identity.startsWith('00') ? identity : raw;
}
