import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../../../channels/answer-outcome.js';
import { twilioRefused, twilioTaken } from '../../../../channels/twilio/twilio-outcome.js';
import { twilioReason } from '../../../../channels/twilio/twilio-codes.js';
import { twilioFixture } from '../../../support/twilio/twilio-signing.js';

const AT = '2026-11-24T17:45:00.000Z';
const SID = 'SM00000000000000000000000000000005';
const answer = (status: number, body: unknown): HttpResponse => ({
  ...{ sent: true, peer: null, durationMs: 1, fault: null, retryAfter: null, truncated: false },
  status,
  excerpt: typeof body === 'string' ? body : JSON.stringify(body),
});
const message = twilioFixture('message');
const taken = { outcome: 'taken', handedOverAt: AT, reports: ['QUEUED_ON_CHANNEL'] };

describe('what Twilio took', () => {
  it.each([
    ['as documented', message, { ...taken, providerMessageId: SID }],
    ['without a body', '', taken],
    ['with a page instead of JSON', '<html>', taken],
    ['with an id that might be a number', { ...message, sid: '12025550101' }, taken],
    ['with keys of other kinds', { sid: 1, status: [], error_code: 'x' }, taken],
  ])('%s', (_, body, expected) => {
    expect(twilioTaken(answer(201, body), AT)).toEqual(expected);
  });

  it('and gave up at once is failed, with its code', () => {
    expect(twilioTaken(answer(201, { ...message, status: 'failed', error_code: 30007 }), AT)).toEqual({
      outcome: 'failed',
      reason: 'CHANNEL_REJECT',
      description: 'Twilio gave the message up at once',
      providerError: { provider: 'twilio', code: 30007, block: false },
    });
    expect(twilioTaken(answer(201, { ...message, status: 'canceled' }), AT)).toEqual({
      ...{ outcome: 'failed', reason: 'CHANNEL_REJECT', description: 'Twilio gave the message up at once' },
    });
  });
});

describe('what Twilio refused', () => {
  it.each([
    [400, twilioFixture('21610.error'), 'RECIPIENT_NOT_OPTED_IN', { code: 21610, block: true }],
    [400, twilioFixture('21211.error'), 'CHANNEL_REJECT', { code: 21211, block: false }],
    [401, twilioFixture('20003.error'), 'CHANNEL_BAD_CONFIGURATION', { code: 20003, block: false }],
    [400, { code: 21606 }, 'CHANNEL_BAD_CONFIGURATION', { code: 21606, block: false }],
    [404, { code: 20404 }, 'CHANNEL_BAD_CONFIGURATION', { code: 20404, block: false }],
    [403, 'forbidden', 'CHANNEL_BAD_CONFIGURATION', undefined],
    [422, '{"code":"21610"}', 'CHANNEL_REJECT', undefined],
  ])('%d %j is %s', (status, body, reason, error) => {
    const outcome = twilioRefused(answer(status, body));
    expect(outcome).toMatchObject({ outcome: 'failed', reason });
    if (outcome.outcome !== 'failed') return;
    expect(outcome.providerError).toEqual(error && { provider: 'twilio', ...error });
    expect(outcome.description).toContain(String(status));
    expect(outcome.description).not.toMatch(/2025550101/);
  });
});

describe('twilioReason', () => {
  it.each([
    [21610, 'RECIPIENT_NOT_OPTED_IN'],
    [30003, 'RECIPIENT_NOT_REACHABLE'],
    [30007, 'DELIVERY_REJECTED_DUE_TO_POLICY'],
    [63016, 'OUTSIDE_ALLOWED_SENDING_WINDOW'],
    [99999, 'CHANNEL_FAILURE'],
    [null, 'UNKNOWN'],
  ])('of %j is %s', (code, reason) => {
    expect(twilioReason(code)).toBe(reason);
  });
});
