import { fc, test } from '@fast-check/vitest';
import { ConversationCallbackWebhooks } from '@sinch/sdk-core';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createSigner, unsigned } from '../../../channels/signer.js';

const SINCH = 'x-sinch-webhook-signature';
const request = (body: string, nonce = 'nonce', nowMs = Date.now()) => ({
  id: 'b0c7d6f0-0000-5000-8000-000000000001',
  body: Buffer.from(body),
  nonce,
  nowMs,
});

describe('signer', () => {
  it('gives the signature of the known vector', () => {
    const headers = createSigner('secret').sign(request('{"a":1}', 'nonce', 1_700_000_000_999));
    expect(headers[SINCH]).toBe('l7MuOHkZAUomVOoNg53fJ3wAQgeY3yOJ/UDpMOAXJP0=');
    expect(headers[`${SINCH}-nonce`]).toBe('nonce');
    expect(headers[`${SINCH}-timestamp`]).toBe('1700000000');
    expect(headers[`${SINCH}-algorithm`]).toBe('HmacSHA256');
  });

  test.prop([fc.string({ minLength: 1, unit: 'binary' }), fc.jsonValue()])(
    'is accepted by the Sinch SDK, as text and as the parsed body',
    (secret, value) => {
      const body = JSON.stringify({ value });
      const headers = createSigner(secret).sign(request(body));
      const webhooks = new ConversationCallbackWebhooks(secret.toWellFormed());
      expect(webhooks.validateAuthenticationHeader(headers, body)).toBe(true);
      expect(webhooks.validateAuthenticationHeader(headers, JSON.parse(body))).toBe(true);
      expect(webhooks.validateAuthenticationHeader(headers, `${body} `)).toBe(false);
      expect(new ConversationCallbackWebhooks('other').validateAuthenticationHeader(headers, body)).toBe(
        secret === 'other',
      );
    },
  );

  test.prop([fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.string()])(
    'is accepted by the Standard Webhooks library, the secret in whsec_ form',
    (key, text) => {
      const secret = `whsec_${Buffer.from(key).toString('base64')}`;
      const body = JSON.stringify({ text });
      const headers = createSigner(secret).sign(request(body));
      expect(new Webhook(secret).verify(body, headers)).toEqual({ text });
      expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow(WebhookVerificationError);
    },
  );

  it('takes any other secret as its bytes: a receiver configures whsec_ and their base64', () => {
    const secret = 'kort hemlighet å';
    const headers = createSigner(secret).sign(request('{}'));
    const configured = `whsec_${Buffer.from(secret).toString('base64')}`;
    expect(new Webhook(configured).verify('{}', headers)).toEqual({});
  });

  it('signs Sinch’s way with a whsec_ secret as it is written', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const headers = createSigner(secret).sign(request('{}'));
    expect(new ConversationCallbackWebhooks(secret).validateAuthenticationHeader(headers, '{}')).toBe(true);
  });

  it('differs with each nonce and second, but not the id', () => {
    const signer = createSigner('secret');
    const [a, b] = [signer.sign(request('{}', 'n1', 1000)), signer.sign(request('{}', 'n2', 2000))];
    expect(a[SINCH]).not.toBe(b[SINCH]);
    expect(a['webhook-signature']).not.toBe(b['webhook-signature']);
    expect(a['webhook-id']).toBe(b['webhook-id']);
  });

  it('gives a receiver without a secret the id and the time only', () => {
    expect(unsigned('id', 1_999)).toEqual({ 'webhook-id': 'id', 'webhook-timestamp': '1' });
  });
});
