import { createHmac, createSecretKey } from 'node:crypto';
import { BASE64_SECRET } from '../domain/callbacks/webhook-secret.js';

/** What one request is signed over; nonce and time are fresh for each. */
export interface Signed {
  /** `webhook-id`: the same on every attempt. */
  readonly id: string;
  readonly body: Buffer;
  readonly nonce: string;
  readonly nowMs: number;
}

/** Signs requests with one secret. */
export interface Signer {
  /** Headers of the Sinch Conversation API's callbacks and of Standard Webhooks 1.0, in one request. */
  sign(request: Signed): Record<string, string>;
}

/**
 * Makes a signer of one secret.
 * @param secret Sinch's signature uses its UTF-8 bytes as they are, and so does the Standard Webhooks signature, unless the
 * secret begins with `whsec_`: then the rest is the key in base64
 */
export function createSigner(secret: string): Signer {
  const sinchKey = createSecretKey(Buffer.from(secret, 'utf8'));
  const standardKey = createSecretKey(standardKeyOf(secret));
  return {
    sign({ id, body, nonce, nowMs }) {
      const seconds = secondsOf(nowMs);
      return {
        'x-sinch-webhook-signature': createHmac('sha256', sinchKey)
          .update(body)
          .update(`.${nonce}.${seconds}`)
          .digest('base64'),
        'x-sinch-webhook-signature-nonce': nonce,
        'x-sinch-webhook-signature-timestamp': seconds,
        'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
        ...unsigned(id, nowMs),
        'webhook-signature': `v1,${createHmac('sha256', standardKey)
          .update(`${id}.${seconds}.`)
          .update(body)
          .digest('base64')}`,
      };
    },
  };
}

/** Makes the headers that a receiver without a secret gets too, to tell repeats by. */
export function unsigned(id: string, nowMs: number): Record<string, string> {
  return { 'webhook-id': id, 'webhook-timestamp': secondsOf(nowMs) };
}

function standardKeyOf(secret: string): Buffer {
  return secret.startsWith(BASE64_SECRET)
    ? Buffer.from(secret.slice(BASE64_SECRET.length), 'base64')
    : Buffer.from(secret, 'utf8');
}

function secondsOf(nowMs: number): string {
  return String(Math.floor(nowMs / 1000));
}
