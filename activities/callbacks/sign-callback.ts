import { unsigned, type Signer } from '../../channels/signer.js';

/** One attempt of a callback; nonce and time are fresh for each, the ids and the body stay. */
export interface CallbackAttempt {
  readonly callbackId: string;
  /** The same for the same event and trigger at every endpoint and on every attempt. */
  readonly webhookId: string;
  /** From 1. */
  readonly attempt: number;
  /** Revision of the contact; null where the callback is not about one. */
  readonly sequence: number | null;
  readonly body: Buffer;
  readonly nonce: string;
  readonly nowMs: number;
}

/** Headers of one attempt. @param signer null for an endpoint without a secret */
export function callbackHeaders(attempt: CallbackAttempt, signer: Signer | null): Record<string, string> {
  const { callbackId, webhookId: id, sequence, body, nonce, nowMs } = attempt;
  return {
    'content-type': 'application/json',
    ...(signer === null ? unsigned(id, nowMs) : signer.sign({ id, body, nonce, nowMs })),
    'optledger-delivery-id': callbackId,
    'optledger-attempt': String(attempt.attempt),
    ...(sequence === null ? {} : { 'optledger-sequence': String(sequence) }),
  };
}
