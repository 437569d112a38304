import { familyOf, PHONE } from './channels.js';
import { clearDigits, digitsOfQuantity } from './clear-digits.js';
import { toE164 } from './e164.js';
import { subscriberOf } from './equal-numbers.js';
import { claimsNumber, numberPart } from './identity-text.js';

/**
 * Number of these rules. It stands in `ledger-created`, because a contact's id hangs on them: whoever changes which
 * texts are one contact gives them the next number, and ledgers of before are brought over by `optledger copy`.
 */
export const IDENTITY_RULES = 2;

/** Longest identity in UTF-16 code units, as given and before any normalising. */
export const MAX_IDENTITY_LENGTH = 128;

export type IdentityProblem = 'empty' | 'too-long' | 'not-international' | 'unclear';
export type StrictIdentity =
  | { readonly ok: true; readonly identity: string }
  | { readonly ok: false; readonly problem: IdentityProblem };

const PHONE_DIGITS = /^[0-9]{3,15}$/u;
/** What no channel's identities have in them; a list of numbers has. */
const APART = /[\s,;|]/u;
const LETTER = /\p{L}/u;
const QUANTITY = /^[\d.,]+e[+-]?\d+$/iu;
/** Longer than any number: ids of Messenger and Instagram are such. */
const MANY_DIGITS = /^[0-9]{16,}$/u;
/** A number with an extension or a slip of the finger behind it. */
const NUMBER_AND_LETTERS = /^\d[\d .()-]{6,}\p{L}{1,3}\.?\d{0,6}$/u;

function refused(problem: IdentityProblem): StrictIdentity {
  return { ok: false, problem };
}

function strictNumber(raw: string): StrictIdentity {
  const text = numberPart(raw);
  if (/^[\s+()-]*$/u.test(text) || text === '00') return refused('empty');
  const clear = clearDigits(text);
  if (clear === undefined) return refused('unclear');
  const { digits, strayZero } = toE164(clear.digits, clear);
  if (!PHONE_DIGITS.test(digits) || digits.startsWith('0') || strayZero) return refused('not-international');
  return { ok: true, identity: digits };
}

/**
 * The address that a send or an API call means. On phone channels the digits of E.164 without `+`, and whatever is
 * not clearly one number is refused: a decimal point, two numbers, letters, a national number. Elsewhere byte-exact.
 */
export function strictIdentity(channel: string, raw: string): StrictIdentity {
  if (raw.length > MAX_IDENTITY_LENGTH) return refused('too-long');
  if (familyOf(channel) === PHONE) return strictNumber(raw);
  return raw === '' ? refused('empty') : { ok: true, identity: raw };
}

/** What a change without a channel means; a null channel: that identity on every channel without phone numbers. */
export type UnnamedIdentity =
  | { readonly ok: true; readonly channel: 'SMS' | null; readonly identity: string }
  | { readonly ok: false; readonly problem: IdentityProblem };

/**
 * The address that a change means which names no channel: what reads as a phone number is one, anything else is that
 * identity on every channel without phone numbers. What looks like a number with a slip in it is refused.
 */
export function unnamedIdentity(raw: string): UnnamedIdentity {
  const number = strictIdentity('SMS', raw);
  if (number.ok) return { ...number, channel: 'SMS' };
  if (number.problem === 'too-long' || number.problem === 'empty') return number;
  const isOther = (LETTER.test(raw) && !QUANTITY.test(raw)) || MANY_DIGITS.test(raw);
  if (!isOther || claimsNumber(raw) || APART.test(raw) || NUMBER_AND_LETTERS.test(raw)) return number;
  return { ok: true, channel: null, identity: raw };
}

/**
 * The address of an inbound sender of at most 128 characters; refuses none and loses no number. What is no number
 * (alphanumeric senders) is kept as it is. Reading its own answer again gives the same.
 */
export function inboundIdentity(channel: string, raw: string): string {
  if (familyOf(channel) !== PHONE || raw.length > MAX_IDENTITY_LENGTH) return raw;
  const text = numberPart(raw);
  const clear = clearDigits(text) ?? clearDigits(text.replace(/^[\p{Pd}\u2212]+/u, ''));
  const read = clear?.digits ?? digitsOfQuantity(text) ?? '';
  const { digits } = toE164(read, clear ?? { international: false, bracketedZero: false });
  return PHONE_DIGITS.test(digits) && !digits.startsWith('00') ? digits : raw;
}

/** Whom an address stands for: the family that it is told apart within, and the one form of the subscriber. */
export interface Subscriber {
  readonly family: string;
  readonly canonical: string;
}

/** The subscriber behind an address of a channel, however it is spelled. */
export function subscriber(channel: string, raw: string): Subscriber {
  const family = familyOf(channel);
  const address = inboundIdentity(channel, raw);
  return { family, canonical: family === PHONE ? subscriberOf(address) : address };
}
