// What stands around a number in the texts that gateways, address books and spreadsheets hand on.

/** Format characters, controls, default-ignorables, marks that enclose a digit, and the blank of Braille. */
const UNSEEN = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\p{Me}\u2800]/gu;
const BREAKS = /[\t\n\v\f\r\u0085]/gu;
const PLUSES = /[\u2795\u207A\u208A]/gu;
const FOREIGN_DIGIT = /(?![0-9])\p{Nd}/gu;
const ESCAPED = /%(?<hex>[0-7][0-9a-f])/giu;
const QUOTES = /^["'`\u00B4\u2018-\u201F\u00AB\u00BB]+|["'`\u00B4\u2018-\u201F\u00AB\u00BB]+$/gu;

/** Schemes of addresses that are phone numbers; some hubs put one in front of another. */
const SCHEMES =
  /^(?:(?:tel|callto|sms|smsto|mms|mmsto|whatsapp|wa|viber|rcs|sip|sips|im)\s*:(?:\/\/)?\s*)+/iu;
const SIP = /^(?:sip|sips|im)\s*:/iu;
/** A number at WhatsApp, with the person's device and agent where they are told; groups and lists are no person. */
const AT_WHATSAPP = /(?:[._]\d{1,3})?(?::\d{1,5})?@(?:s\.whatsapp\.net|c\.us)$/iu;
const AT_ANY_HOST = /@[^@]*$/u;
/** How MMS gateways mark a phone number (3GPP TS 23.140). */
const PLMN = /\/type=plmn$/iu;
/** RFC 3966 and SIP: `;name=value`; RFC 5724: `?body=`. A number behind a semicolon is another number. */
const PARAMETERS = /[;?](?=[a-z])/iu;
/** RFC 3966 §5.1.5: what a local number is local to. */
const CONTEXT = /;phone-context=\+?(?<code>[0-9][0-9 ().-]{0,20})(?:;|$)/iu;

/** A Unicode decimal digit of any script as ASCII: every run of them in Unicode begins with a zero. */
function asciiDigit(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  let zero = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(ESCAPED, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}

/** The text without what nobody sees, in plain digits and plain forms of letters. */
function plainText(raw: string): string {
  // Escapes may be escaped once more on the way.
  return unescaped(unescaped(raw))
    .replace(BREAKS, ' ')
    .replace(UNSEEN, '')
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .replace(PLUSES, '+')
    .replace(FOREIGN_DIGIT, asciiDigit)
    .trim();
}

/** The part of an address that spells a number, without its scheme, host and parameters. */
export function numberPart(raw: string): string {
  const text = plainText(raw).replace(QUOTES, '').trim();
  const context = CONTEXT.exec(text)?.groups?.['code'];
  const [address = ''] = text.split(PARAMETERS, 1);
  const rest = address.replace(SCHEMES, '');
  const host = SIP.test(address) ? AT_ANY_HOST : AT_WHATSAPP;
  const number = rest.replace(host, '').replace(PLMN, '').trim();
  return context === undefined || number.startsWith('+') ? number : `+${context}${number}`;
}

/** True for what only a number begins with, so that a slip in it is told and not taken for another kind of identity. */
export function claimsNumber(raw: string): boolean {
  const text = plainText(raw);
  return /^[("'\s]*(?:\+|00)/u.test(text) || SCHEMES.test(text);
}
