import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ProviderRequest } from '../provider/news.js';

/** A signature that is older, or as far in the future, is refused. */
const TOLERANCE_S = 300;
const UNIX_SECONDS = /^\d{1,11}$/u;
const ALGORITHM = 'HmacSHA256';

/**
 * Checks the signature of a callback of the Sinch Conversation API: base64 of the HMAC-SHA256, under the UTF-8 bytes
 * of the secret, over body, `.`, nonce, `.`, timestamp. Every secret is tried, each in constant time.
 * @returns `stale` only for what was really signed
 */
export function checkSinchSignature(
  { headers, body, nowMs }: Pick<ProviderRequest, 'headers' | 'body' | 'nowMs'>,
  secrets: readonly string[],
): 'valid' | 'signature' | 'stale' {
  const given = headers['x-sinch-webhook-signature'];
  const nonce = headers['x-sinch-webhook-signature-nonce'];
  const timestamp = headers['x-sinch-webhook-signature-timestamp'];
  const algorithm = headers['x-sinch-webhook-signature-algorithm'] ?? ALGORITHM;
  if (typeof given !== 'string' || typeof nonce !== 'string' || typeof timestamp !== 'string') {
    return 'signature';
  }
  if (nonce === '' || algorithm !== ALGORITHM || !UNIX_SECONDS.test(timestamp)) return 'signature';
  const matches = secrets.map((secret) => isSigned(secret, body, `.${nonce}.${timestamp}`, given));
  if (!matches.includes(true)) return 'signature';
  return Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_S ? 'stale' : 'valid';
}

function isSigned(secret: string, body: Buffer, suffix: string, given: string): boolean {
  const made = createHmac('sha256', Buffer.from(secret, 'utf8')).update(body).update(suffix).digest('base64');
  const [expected, actual] = [Buffer.from(made), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
