/** A secret that begins so is a key in base64, as Standard Webhooks has them; any other is its own UTF-8 bytes. */
export const BASE64_SECRET = 'whsec_';

/** What is said of a secret that makes no key. */
export const NO_KEY = 'expected base64 behind whsec_, and nothing else';

/** Base64 of either alphabet, with or without padding, of one byte at least. */
const KEY = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2,4})={0,2}$/u;

/** Whether a secret makes a key: an empty one signs for anybody. The text of no secret at all is nobody's business here. */
export function makesKey(secret: string): boolean {
  return !secret.startsWith(BASE64_SECRET) || KEY.test(secret.slice(BASE64_SECRET.length));
}
