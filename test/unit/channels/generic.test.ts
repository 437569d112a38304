import { describe, expect, it } from 'vitest';
import { DELIVERY_REASONS, deliveryReason } from '../../../channels/delivery-reasons.js';
import { genericInboundBody, genericReceiptBody, toInbound, toReceipt } from '../../../channels/generic.js';

const body = {
  message_id: 'm-1',
  channel: 'SMS',
  identity: '46700000001',
  sender: '46700000000',
  text: 'STOP',
};

describe('inbound/generic', () => {
  it('becomes a command', () => {
    const parsed = genericInboundBody.parse({
      ...body,
      received_at: '2026-01-02T04:04:05+01:00',
      metadata: 'm',
    });
    expect(toInbound(parsed)).toEqual({
      provider: 'generic',
      providerMessageId: 'm-1',
      channel: 'SMS',
      identity: '46700000001',
      sender: '46700000000',
      text: 'STOP',
      metadata: 'm',
      receivedAt: '2026-01-02T03:04:05.000Z',
    });
  });

  it('leaves out what is absent', () => {
    const { message_id, channel, identity } = body;
    const command = toInbound(genericInboundBody.parse({ message_id, channel, identity }));
    expect(command).toEqual({
      provider: 'generic',
      providerMessageId: 'm-1',
      channel: 'SMS',
      identity: '46700000001',
      sender: '',
    });
  });

  it('makes lone surrogates what any store would make of them', () => {
    expect(toInbound(genericInboundBody.parse({ ...body, text: 'a\ud800b' })).text).toBe('a\ufffdb');
  });

  it.each([
    ['unknown key', { ...body, extra: 1 }],
    ['no id', { ...body, message_id: '' }],
    ['long id', { ...body, message_id: 'x'.repeat(257) }],
    ['no channel', { ...body, channel: undefined }],
    ['foreign channel', { ...body, channel: 'FAX' }],
    ['no identity', { ...body, identity: '' }],
    ['long identity', { ...body, identity: '1'.repeat(129) }],
    ['number as identity', { ...body, identity: 46700000001 }],
    ['long sender', { ...body, sender: '1'.repeat(129) }],
    ['long text', { ...body, text: 'x'.repeat(65_537) }],
    ['null text', { ...body, text: null }],
    ['date without a zone', { ...body, received_at: '2026-01-02T03:04:05' }],
    ['no date', { ...body, received_at: '2026-02-30T03:04:05Z' }],
    ['long metadata', { ...body, metadata: 'x'.repeat(1025) }],
    ['an array', [body]],
  ])('refuses: %s', (_, bad) => {
    expect(genericInboundBody.safeParse(bad).success).toBe(false);
  });
});

describe('receipts/generic', () => {
  it.each([
    [
      { message_id: 'm', status: 'DELIVERED' },
      { messageId: 'm', status: 'DELIVERED', reason: null },
    ],
    [
      { message_id: 'm', status: 'READ', reason: 'x' },
      { messageId: 'm', status: 'READ', reason: null },
    ],
    [
      { message_id: 'm', status: 'FAILED' },
      { messageId: 'm', status: 'FAILED', reason: 'UNKNOWN' },
    ],
    [
      { message_id: 'm', status: 'FAILED', reason: 'RECIPIENT_NOT_REACHABLE' },
      { messageId: 'm', status: 'FAILED', reason: 'RECIPIENT_NOT_REACHABLE' },
    ],
    [
      { message_id: 'm', status: 'FAILED', reason: '+46700000001 is switched off' },
      { messageId: 'm', status: 'FAILED', reason: 'CHANNEL_FAILURE' },
    ],
  ])('%j', (raw, receipt) => {
    expect(toReceipt(genericReceiptBody.parse(raw))).toEqual(receipt);
  });

  it('keeps every code of the wire', () => {
    expect(DELIVERY_REASONS.map(deliveryReason)).toEqual(DELIVERY_REASONS);
  });

  it.each([
    ['unknown key', { message_id: 'm', status: 'READ', at: 1 }],
    ['a status that only we give', { message_id: 'm', status: 'QUEUED_ON_CHANNEL' }],
    ['no id', { status: 'READ' }],
    ['empty reason', { message_id: 'm', status: 'FAILED', reason: '' }],
  ])('refuses: %s', (_, bad) => {
    expect(genericReceiptBody.safeParse(bad).success).toBe(false);
  });
});
