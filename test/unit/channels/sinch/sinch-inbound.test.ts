import { ConversationCallbackWebhooks } from '@sinch/sdk-core';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSigner } from '../../../../channels/signer.js';
import { readVerified } from '../../../../channels/provider/descriptor.js';
import { sinch } from '../../../../channels/sinch/sinch-provider.js';

interface Fixture {
  readonly trigger: string;
  readonly body: Record<string, unknown>;
}
const fixtures = JSON.parse(readFileSync('test/fixtures/sinch/callbacks.json', 'utf8')) as Record<
  string,
  Fixture
>;
const fixture = (name: string): Record<string, unknown> => structuredClone(fixtures[name]?.body ?? {});

const NOW = Date.parse('2026-01-02T03:04:06Z');
const inbound = { projectId: 'sinch-project', appId: '01SINCHAPP', secrets: ['secret'] };

function read(body: unknown, headers: Record<string, string> = {}) {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const signed = createSigner('secret').sign({ id: 'i', body: bytes, nonce: 'n', nowMs: NOW });
  const request = { headers: { ...signed, ...headers }, body: bytes, path: '/', nowMs: NOW };
  const reading = readVerified(sinch.inbound, inbound, request);
  if (!reading.ok) return reading;
  // A callback of Sinch tells one thing, or nothing.
  expect(reading.news.length).toBeLessThan(2);
  return { ok: true, news: reading.news[0] ?? { kind: 'other' } } as const;
}
const messageOf = (reading: ReturnType<typeof read>) =>
  reading.ok && reading.news.kind === 'inbound' ? reading.news.message : undefined;
const receiptOf = (reading: ReturnType<typeof read>) =>
  reading.ok && reading.news.kind === 'receipt' ? reading.news.receipt : undefined;
const withMessage = (change: object) => {
  const body = fixture('text');
  return { ...body, message: { ...(body['message'] as object), ...change } };
};
const withReport = (change: object, envelope: object = {}) => {
  const body = fixture('delivered');
  return {
    ...body,
    ...envelope,
    message_delivery_report: { ...(body['message_delivery_report'] as object), ...change },
  };
};

describe('callbacks of the Sinch Conversation API', () => {
  it.each(Object.entries(fixtures))(
    'the SDK of Sinch takes %s for what we do',
    (_name, { trigger, body }) => {
      const parsed = new ConversationCallbackWebhooks('secret').parseEvent(structuredClone(body)) as {
        trigger?: string;
      };
      expect(parsed.trigger).toBe(trigger);
      const reading = read(body);
      const kind = reading.ok ? reading.news.kind : 'refused';
      expect(kind === 'inbound').toBe(trigger === 'MESSAGE_INBOUND');
      if (trigger !== 'MESSAGE_INBOUND' && trigger !== 'MESSAGE_DELIVERY') expect(kind).toBe('other');
    },
  );

  it('read a text with its time, sender and identity as they came', () => {
    expect(messageOf(read(withMessage({ metadata: 'm' })))).toEqual({
      provider: 'sinch',
      providerMessageId: '01SINCHINBOUND0000000000AA',
      channel: 'SMS',
      identity: '46700000001',
      sender: '12025550100',
      text: 'STOP',
      metadata: 'm',
      receivedAt: '2026-01-02T03:04:04.123Z',
    });
  });

  it.each([
    'media',
    'media_card',
    'choice_response',
    'location',
    'product_response',
    'fallback',
    'channel_specific',
  ])('read %s as a message without text, whatever words are in it', (name) => {
    const body = fixture(name);
    const message = messageOf(read(body));
    expect(message).toMatchObject({ identity: '46700000001' });
    expect(message).not.toHaveProperty('text');
    expect(message?.content).toEqual((body['message'] as Record<string, unknown>)['contact_message']);
  });

  it('keep an empty text apart from none, and a content that nobody knows', () => {
    expect(messageOf(read(withMessage({ contact_message: { text_message: { text: '' } } })))?.text).toBe('');
    expect(messageOf(read(withMessage({ contact_message: { text_message: {} } })))?.text).toBe('');
    for (const contact_message of [null, undefined, {}, { hologram_message: {} }]) {
      const message = messageOf(read(withMessage({ contact_message })));
      expect(message).toBeDefined();
      expect(message).not.toHaveProperty('text');
    }
  });

  it('tell nothing of a content that is not set, or nested too deep to be walked', () => {
    const deep = JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown;
    for (const contact_message of [{ media_message: null, text_message: null }, { media_message: deep }]) {
      expect(messageOf(read(withMessage({ contact_message })))).not.toHaveProperty('content');
    }
  });

  it('mend half a character, take a byte order mark and bytes that are no UTF-8', () => {
    const half = JSON.stringify(withMessage({ contact_message: { text_message: { text: 'a\ud800' } } }));
    expect(messageOf(read(half))?.text).toBe('a\ufffd');
    expect(messageOf(read(`\ufeff${JSON.stringify(fixture('text'))}`))?.text).toBe('STOP');
    const latin = Buffer.from(JSON.stringify(fixture('text')).replace('STOP', 'å'), 'latin1');
    expect(messageOf(read(latin))?.text).toBe('\ufffd');
  });

  it.each([null, 'yesterday', '0001-01-01T00:00:00Z'])(
    'take the time of acceptance for the event time %j',
    (event_time) => {
      const body = { ...fixture('text'), event_time };
      expect(messageOf(read(body))?.receivedAt).toBe('2026-01-02T03:04:05.678Z');
      expect(messageOf(read({ ...body, accepted_time: 'today' }))).not.toHaveProperty('receivedAt');
    },
  );

  it('take a leap second, tell what was injected, and pass over what the business says', () => {
    const body = fixture('text');
    const message = body['message'] as Record<string, unknown>;
    const leap = messageOf(read({ ...body, event_time: '2016-12-31T23:59:60Z' }));
    expect(leap?.receivedAt).toBe('2016-12-31T23:59:59.999Z');
    expect(leap).not.toHaveProperty('injected');
    expect(messageOf(read({ ...body, message: { ...message, injected: true } }))?.injected).toBe(true);
    expect(messageOf(read({ ...body, message: { ...message, direction: 'TO_CONTACT' } }))).toBeUndefined();
  });

  it.each([
    ['queued', 'QUEUED_ON_CHANNEL', null],
    ['delivered', 'DELIVERED', null],
    ['read', 'READ', null],
    ['failed', 'FAILED', 'RECIPIENT_NOT_REACHABLE'],
  ])('read a receipt: %s', (name, status, reason) => {
    expect(receiptOf(read(fixture(name)))).toEqual({
      messageId: '01JGFJJZ000000000000000000',
      providerMessageId: '01SINCHMESSAGE0000000000AA',
      status,
      reason,
    });
  });

  it('find our id in the metadata, else in the correlation id, else nowhere', () => {
    const other = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    expect(receiptOf(read(withReport({ metadata: '' }, { correlation_id: other })))?.messageId).toBe(other);
    expect(
      receiptOf(read(withReport({ metadata: 'theirs' }, { correlation_id: '46700000001' })))?.messageId,
    ).toBeNull();
  });

  it('know only reasons that SDKs know, and none unless it failed', () => {
    expect(receiptOf(read(withReport({ status: 'FAILED', reason: { code: 'MOON_PHASE' } })))?.reason).toBe(
      'CHANNEL_FAILURE',
    );
    expect(receiptOf(read(withReport({ status: 'FAILED', reason: null })))?.reason).toBe('UNKNOWN');
    expect(receiptOf(read(withReport({ reason: { code: 'UNKNOWN' } })))?.reason).toBeNull();
  });

  it('ignore statuses on the way and unheard-of triggers', () => {
    for (const body of [
      fixture('switching'),
      withReport({ status: 'TELEPATHY' }),
      { app_id: '01SINCHAPP', x: {} },
    ]) {
      expect(read(body)).toEqual({ ok: true, news: { kind: 'other' } });
    }
  });

  it.each([
    ['another app', { ...fixture('text'), app_id: '01OTHER' }, 'app_id'],
    ['another project', { ...fixture('text'), project_id: 'other' }, 'project_id'],
    ['no id', withMessage({ id: '' }), 'message.id'],
    [
      'nobody',
      withMessage({ channel_identity: { channel: 'SMS', identity: '' } }),
      'message.channel_identity.identity',
    ],
    ['no channel', withMessage({ channel_identity: { identity: '1' } }), 'message.channel_identity.channel'],
    [
      'a text that is a number',
      withMessage({ contact_message: { text_message: { text: 7 } } }),
      'message.contact_message.text_message.text',
    ],
    ['no JSON', '{"app_id":', 'body'],
    ['a list', '[]', 'body'],
    ['nothing', '', 'body'],
  ])('name the field: %s', (_name, body, field) => {
    expect(read(body)).toMatchObject({ ok: false, refused: 'content', field });
  });

  it('are refused compressed, and unread when they are not signed', () => {
    expect(read(fixture('text'), { 'content-encoding': 'gzip' })).toMatchObject({
      field: 'content-encoding',
    });
    expect(read(fixture('text'), { 'content-encoding': 'identity' }).ok).toBe(true);
    const forged = { 'x-sinch-webhook-signature': 'AAAA' };
    expect(read('{', forged)).toEqual({ ok: false, refused: 'signature' });
  });
});
