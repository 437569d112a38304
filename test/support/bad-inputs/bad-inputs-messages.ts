import { bare, casesOf, long, MARKED_PHONE, MARKED_TEXT, NOT_FOUND, type BadInput } from './bad-inputs.js';

const to = (identity: unknown, channel: unknown = 'SMS') => ({
  recipient: { identified_by: { channel_identities: [{ channel, identity }] } },
});
const text = (content: unknown) => ({ message: { text_message: { text: content } } });

const send = casesOf('POST', '/messages:send', { app_id: 'demo', ...to(MARKED_PHONE), ...text(MARKED_TEXT) });
const identity = 'channel_identities.0.identity';

const sends: readonly BadInput[] = [
  send('app_id missing', { app_id: undefined }, 'app_id'),
  send('app_id an object', { app_id: { id: 'demo' } }, 'app_id'),
  send('app_id with a NUL', { app_id: 'demo\0' }, 'app', NOT_FOUND),
  send('app_id of nobody', { app_id: MARKED_PHONE }, 'app', NOT_FOUND),
  send('app_id __proto__', { app_id: '__proto__' }, 'app', NOT_FOUND),
  send('app_id too long', { app_id: long(129) }, 'app_id'),
  send('recipient missing', { recipient: undefined }, 'recipient'),
  send('recipient null', { recipient: null }, 'recipient'),
  send('recipient a text', { recipient: MARKED_PHONE }, 'recipient'),
  send('recipient an array', { recipient: [to(MARKED_PHONE).recipient] }, 'recipient'),
  send(
    'recipient of both kinds',
    { recipient: { ...to(MARKED_PHONE).recipient, contact_id: 'c' } },
    'recipient',
  ),
  send('contact_id in DISPATCH', { recipient: { contact_id: MARKED_PHONE } }, 'recipient.contact_id'),
  send('no identity', { recipient: { identified_by: { channel_identities: [] } } }, 'channel_identities'),
  send(
    'an identity too many',
    {
      recipient: {
        identified_by: { channel_identities: Array(14).fill({ channel: 'SMS', identity: MARKED_PHONE }) },
      },
    },
    'channel_identities',
  ),
  send('channel null', to(MARKED_PHONE, null), 'channel'),
  send('channel unspecified', to(MARKED_PHONE, 'CHANNEL_UNSPECIFIED'), 'channel'),
  send('channel in small letters', to(MARKED_PHONE, 'sms'), 'channel'),
  send('identity missing', to(undefined), 'identity'),
  send('identity empty', to(''), 'identity'),
  send('identity a number', to(Number(MARKED_PHONE)), 'identity'),
  send('identity too long', to(long(129)), 'identity'),
  send('identity nothing but a plus', to('+'), identity),
  send('identity with a plus inside', to(`467+${MARKED_PHONE}`), identity),
  send('identity national', to('0799999901'), 'international'),
  send('identity with a decimal point', to(`${MARKED_PHONE}.0`), identity),
  send('identity of two numbers', to(`${MARKED_PHONE}, ${MARKED_PHONE}`), identity),
  send('identity with letters', to(`${MARKED_PHONE}x`), identity),
  send('identity a picture', to('📱'), identity),
  send('identity half a picture', to('\ud83d'), identity),
  send('identity of 16 digits', to(`${MARKED_PHONE}12345`), identity),
  send('message missing', { message: undefined }, 'message'),
  send('message empty', { message: {} }, 'message'),
  send(
    'message of two kinds',
    { message: { ...text(MARKED_TEXT).message, media_message: { url: 'u' } } },
    'message',
  ),
  send('message of an unknown kind', { message: { song_message: { text: MARKED_TEXT } } }, 'message'),
  send('text empty', text(''), 'message.text_message.text'),
  send('text null', text(null), 'message.text_message.text'),
  send('text an array', text([MARKED_TEXT]), 'message.text_message.text'),
  send('text too large', text(long(1_100_000)), 'larger', { code: 413 }),
  send('content type unknown', { message_content_type: MARKED_TEXT }, 'message_content_type'),
  send('content type null', { message_content_type: null }, 'message_content_type'),
  send('callback_url no URL', { callback_url: MARKED_TEXT }, 'callback_url'),
  send('callback_url a file', { callback_url: `file:///${MARKED_TEXT}` }, 'callback_url'),
  send(
    'callback_url into a private network',
    { callback_url: `https://10.0.0.1/${MARKED_PHONE}` },
    'callback_url',
  ),
  send(
    'callback_url with a password',
    { callback_url: `https://u:${MARKED_TEXT}@example.com/` },
    'callback_url',
  ),
  send('callback_url too long', { callback_url: `https://example.com/${long(742)}` }, 'callback_url'),
  send('order of unknown channels', { channel_priority_order: [MARKED_TEXT] }, 'channel_priority_order'),
  send('order without the channel', { channel_priority_order: ['RCS'] }, 'channel_priority_order'),
  send('property too long', { channel_properties: { SMS_SENDER: long(1_025) } }, 'channel_properties'),
  send('property of an identity', { channel_properties: { [MARKED_PHONE]: 7 } }, 'channel_properties'),
  send('metadata too long', { message_metadata: long(1_025) }, 'message_metadata'),
  send('conversation metadata an array', { conversation_metadata: [MARKED_TEXT] }, 'conversation_metadata'),
  send(
    'conversation metadata too long',
    { conversation_metadata: { a: long(2_048) } },
    'conversation_metadata',
  ),
  send('correlation id too long', { correlation_id: long(129) }, 'correlation_id'),
  send('strategy unknown', { processing_strategy: 'NONE' }, 'processing_strategy'),
  send('queue unknown', { queue: 'LOW_PRIORITY' }, 'queue'),
  ...[2, '2s', '315576000001s', '1.5s', -10, 'soon', '10m', '', {}, null].map((ttl) =>
    send(`ttl ${JSON.stringify(ttl)}`, { ttl }, 'ttl'),
  ),
  send('idempotency key too long', {}, 'idempotency-key', { headers: { 'idempotency-key': long(129) } }),
  send('idempotency key empty', {}, 'idempotency-key', { headers: { 'idempotency-key': '' } }),
];

const inbound = casesOf('POST', '/apps/demo/inbound/generic', {
  message_id: 'provider-1',
  channel: 'SMS',
  identity: MARKED_PHONE,
  sender: '12025550100',
  text: MARKED_TEXT,
});

const inbounds: readonly BadInput[] = [
  inbound('message_id missing', { message_id: undefined }, 'message_id'),
  inbound('message_id empty', { message_id: '' }, 'message_id'),
  inbound('message_id a number', { message_id: 7 }, 'message_id'),
  inbound('message_id too long', { message_id: long(257) }, 'message_id'),
  inbound('channel missing', { channel: undefined }, 'channel'),
  inbound('channel unknown', { channel: 'PIGEON' }, 'channel'),
  inbound('identity missing', { identity: undefined }, 'identity'),
  inbound('identity empty', { identity: '' }, 'identity'),
  inbound('identity a number', { identity: Number(MARKED_PHONE) }, 'identity'),
  inbound('identity too long', { identity: long(129) }, 'identity'),
  inbound('sender null', { sender: null }, 'sender'),
  inbound('sender too long', { sender: long(129) }, 'sender'),
  inbound('text a number', { text: 7 }, 'text'),
  inbound('text null', { text: null }, 'text'),
  inbound('text too long', { text: long(65_537) }, 'text'),
  inbound('metadata an object', { metadata: { text: MARKED_TEXT } }, 'metadata'),
  inbound('received_at a day', { received_at: '2026-01-02' }, 'received_at'),
  inbound('received_at without a zone', { received_at: '2026-01-02T03:04:05' }, 'received_at'),
  inbound('received_at on February 30', { received_at: '2026-02-30T03:04:05Z' }, 'received_at'),
  inbound('received_at a number', { received_at: 1_700_000_000 }, 'received_at'),
  inbound('an unknown key', { colour: MARKED_TEXT }, 'colour'),
  inbound('an identity as key', { [MARKED_PHONE]: MARKED_TEXT }, '*'),
  inbound('a text as key', { 'STOP now, please': MARKED_TEXT }, '*'),
  { ...inbound('app unknown', {}, 'app', NOT_FOUND), path: '/apps/nobody/inbound/generic' },
  { ...inbound('provider unknown', {}, 'path', NOT_FOUND), path: '/apps/demo/inbound/pigeon' },
];

const receipt = casesOf('POST', '/apps/demo/receipts/generic', { message_id: '01M', status: 'DELIVERED' });

const receipts: readonly BadInput[] = [
  receipt('message_id missing', { message_id: undefined }, 'message_id'),
  receipt('message unknown', {}, 'message', NOT_FOUND),
  receipt('status missing', { status: undefined }, 'status'),
  receipt('status unknown', { status: MARKED_TEXT }, 'status'),
  receipt('reason an object', { status: 'FAILED', reason: { code: MARKED_TEXT } }, 'reason'),
  receipt('reason too long', { status: 'FAILED', reason: long(257) }, 'reason'),
  receipt('an unknown key', { identity: MARKED_PHONE }, 'identity'),
];

const reads: readonly BadInput[] = [
  bare('GET', '/messages/nothing', 'message', NOT_FOUND),
  bare('GET', `/messages/${MARKED_PHONE}`, 'message', NOT_FOUND),
  bare('GET', '/messages/%00', 'message', NOT_FOUND),
  bare('GET', `/messages/${long(129)}`, 'message_id'),
  bare('GET', '/messages/x?messages_source=a&messages_source=b', 'messages_source'),
];

export const MESSAGE_INPUTS: readonly BadInput[] = [...sends, ...inbounds, ...receipts, ...reads];
