import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, sms, type ApiWorld, type Call } from '../../../worlds/api-world.js';

const PHONE = '46799999901';
const TEXT = 'marked-text';
const LONG = 'x'.repeat(129);

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

interface Case {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly status?: number;
  /** Stands in the message. */
  readonly names?: string;
  readonly call?: Call;
}

const channelIdentity = (identity: unknown, channel: unknown = 'SMS') => ({
  identified_by: { channel_identities: [{ channel, identity }] },
});
const send = (name: string, change: object, names: string, more: Partial<Case> = {}): Case => ({
  name: `send: ${name}`,
  method: 'POST',
  path: '/messages:send',
  body: {
    app_id: 'app1',
    recipient: channelIdentity(PHONE),
    message: { text_message: { text: TEXT } },
    ...change,
  },
  names,
  ...more,
});
const message = (name: string, content: unknown, names = 'message'): Case =>
  send(name, { message: content }, names);
const inbound = (name: string, change: object, names: string, more: Partial<Case> = {}): Case => ({
  name: `inbound: ${name}`,
  method: 'POST',
  path: '/apps/app1/inbound/generic',
  body: { ...sms(PHONE, TEXT), ...change },
  names,
  ...more,
});
const receipt = (name: string, change: object, names: string): Case => ({
  name: `receipt: ${name}`,
  method: 'POST',
  path: '/apps/app1/receipts/generic',
  body: { message_id: '01M', status: 'DELIVERED', ...change },
  names,
});
const batch = (name: string, change: object, names: string, more: Partial<Case> = {}): Case => ({
  name: `batch: ${name}`,
  method: 'POST',
  path: '/consents',
  body: { app_id: 'app1', consent_records: [{ identification: PHONE }], ...change },
  names,
  ...more,
});
const read = (path: string, names: string, more: Partial<Case> = {}): Case => ({
  name: `GET ${path}`,
  method: 'GET',
  path,
  names,
  ...more,
});

const cases: readonly Case[] = [
  send('app_id missing', { app_id: undefined }, 'app_id'),
  send('app_id of a wrong type', { app_id: 7 }, 'app_id'),
  send('app unknown', { app_id: 'nothing' }, 'app', { status: 404 }),
  send('recipient missing', { recipient: undefined }, 'recipient'),
  send('recipient empty', { recipient: {} }, 'recipient'),
  send('recipient both ways', { recipient: { contact_id: 'c', ...channelIdentity(PHONE) } }, 'recipient'),
  send('contact in DISPATCH', { recipient: { contact_id: 'c' } }, 'recipient.contact_id'),
  send('no identities', { recipient: { identified_by: { channel_identities: [] } } }, 'channel_identities'),
  send('unknown channel', { recipient: channelIdentity(PHONE, 'PIGEON') }, 'channel'),
  send('CHANNEL_UNSPECIFIED', { recipient: channelIdentity(PHONE, 'CHANNEL_UNSPECIFIED') }, 'channel'),
  send('identity empty', { recipient: channelIdentity('') }, 'identity'),
  send('identity of a wrong type', { recipient: channelIdentity(46799999901) }, 'identity'),
  send('identity too long', { recipient: channelIdentity(LONG) }, 'identity'),
  send('identity national', { recipient: channelIdentity('0799999901') }, 'international'),
  send('identity no number', { recipient: channelIdentity('Bank ABC') }, 'channel_identities.0.identity'),
  send('identity of two digits', { recipient: channelIdentity('12') }, 'channel_identities.0.identity'),
  send(
    'identity of 16 digits',
    { recipient: channelIdentity('4679999990123456') },
    'channel_identities.0.identity',
  ),
  ...[
    '46799999901.0',
    '4679999990.1',
    '46799999901,46799999902',
    '46799999901/46799999902',
    '4679999990x',
  ].map((identity) =>
    send(`identity ${identity}`, { recipient: channelIdentity(identity) }, 'channel_identities.0.identity'),
  ),
  message('message missing', undefined),
  message('message empty', {}),
  message('two kinds', { text_message: { text: TEXT }, media_message: { url: 'u' } }),
  message('text missing', { text_message: {} }, 'message.text_message.text'),
  message('text empty', { text_message: { text: '' } }, 'message.text_message.text'),
  message('text of a wrong type', { text_message: { text: 7 } }, 'message.text_message.text'),
  message('no cards', { carousel_message: { cards: [] } }, 'cards'),
  message('no choices', { choice_message: { choices: [] } }, 'choices'),
  message('no place', { location_message: { title: 't' } }, 'coordinates'),
  message('no url', { media_message: {} }, 'url'),
  message('no template', { template_message: {} }, 'template_message'),
  message('no sections', { list_message: { title: 't' } }, 'sections'),
  message('no name', { contact_info_message: { phone_numbers: [{ phone_number: PHONE }] } }, 'name'),
  send('unknown content type', { message_content_type: 'CONTENT_SPAM' }, 'message_content_type'),
  send('callback_url no URL', { callback_url: 'nonsense' }, 'callback_url'),
  send('callback_url into the own network', { callback_url: 'https://10.0.0.1/' }, 'callback_url'),
  send('callback_url with a password', { callback_url: `https://u:${TEXT}@example.com/` }, 'callback_url'),
  send('callback_url too long', { callback_url: `https://example.com/${'x'.repeat(742)}` }, 'callback_url'),
  send('unknown channel in the order', { channel_priority_order: ['PIGEON'] }, 'channel_priority_order'),
  send('no identity for the order', { channel_priority_order: ['RCS'] }, 'channel_priority_order'),
  send('property no text', { channel_properties: { SMS_SENDER: 7 } }, 'channel_properties'),
  send('property too long', { channel_properties: { SMS_SENDER: 'x'.repeat(1025) } }, 'channel_properties'),
  send('metadata too long', { message_metadata: 'x'.repeat(1025) }, 'message_metadata'),
  send('metadata no text', { message_metadata: {} }, 'message_metadata'),
  send(
    'conversation metadata too long',
    { conversation_metadata: { a: 'x'.repeat(2048) } },
    'conversation_metadata',
  ),
  send('conversation metadata no object', { conversation_metadata: [TEXT] }, 'conversation_metadata'),
  send(
    'unknown update strategy',
    { conversation_metadata_update_strategy: 'X' },
    'conversation_metadata_update_strategy',
  ),
  send('correlation id too long', { correlation_id: LONG }, 'correlation_id'),
  send('unknown strategy', { processing_strategy: 'X' }, 'processing_strategy'),
  send('unknown queue', { queue: 'X' }, 'queue'),
  ...[2, '2s', 315_576_000_001, '1.5s', -10, 'soon', '', '10m', 'NaN', {}, null].map((ttl) =>
    send(`ttl ${JSON.stringify(ttl)}`, { ttl }, 'ttl'),
  ),
  send('idempotency key too long', {}, 'idempotency-key', { call: { headers: { 'idempotency-key': LONG } } }),
  send('idempotency key empty', {}, 'idempotency-key', { call: { headers: { 'idempotency-key': '' } } }),
  send('body no object', {}, 'body', { body: [] }),
  send('body missing', {}, 'body', { body: undefined }),
  send('body no JSON', {}, 'JSON', { body: `{"app_id": "${TEXT}` }),
  send('deep nesting', {}, 'nested', { body: `{"app_id":${'['.repeat(50_000)}${']'.repeat(50_000)}}` }),
  send('prototype keys', {}, 'JSON', { body: '{"__proto__":{"app_id":"app1"}}' }),
  send('too large', { message: { text_message: { text: 'x'.repeat(1_100_000) } } }, 'larger', {
    status: 413,
  }),
  send('another media type', {}, 'content-type', { call: { headers: { 'content-type': 'text/plain' } } }),
  send('without the scope', {}, 'scope', { status: 403, call: { scope: 'read' } }),
  send('another project’s key', {}, 'project', { status: 403, call: { scope: 'other-project' } }),
  inbound('message_id missing', { message_id: undefined }, 'message_id'),
  inbound('message_id empty', { message_id: '' }, 'message_id'),
  inbound('message_id too long', { message_id: 'x'.repeat(257) }, 'message_id'),
  inbound('message_id a number', { message_id: 7 }, 'message_id'),
  inbound('channel missing', { channel: undefined }, 'channel'),
  inbound('channel unknown', { channel: 'PIGEON' }, 'channel'),
  inbound('identity missing', { identity: undefined }, 'identity'),
  inbound('identity too long', { identity: LONG }, 'identity'),
  inbound('sender a number', { sender: 7 }, 'sender'),
  inbound('text a number', { text: 7 }, 'text'),
  inbound('text null', { text: null }, 'text'),
  inbound('text too long', { text: 'x'.repeat(65_537) }, 'text'),
  inbound('metadata too long', { metadata: 'x'.repeat(1025) }, 'metadata'),
  ...[
    'yesterday',
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-13-02T03:04:05Z',
    '2026-02-30T03:04:05Z',
    1_700_000_000,
  ].map((at) => inbound(`received_at ${String(at)}`, { received_at: at }, 'received_at')),
  inbound('an unknown key', { colour: TEXT }, 'colour'),
  inbound('an identity as key', { [PHONE]: TEXT }, '*'),
  inbound('app unknown', {}, 'app', { path: '/apps/nothing/inbound/generic', status: 404 }),
  inbound('provider unknown', {}, 'path', { path: '/apps/app1/inbound/nobody', status: 404 }),
  inbound('another project’s key', {}, 'project', { status: 403, call: { scope: 'other-project' } }),
  receipt('status missing', { status: undefined }, 'status'),
  receipt('status unknown', { status: 'LOST' }, 'status'),
  receipt('reason too long', { reason: 'x'.repeat(257) }, 'reason'),
  receipt('an unknown key', { colour: TEXT }, 'colour'),
  receipt('message_id missing', { message_id: undefined }, 'message_id'),
  batch('app_id missing', { app_id: undefined }, 'app_id'),
  batch('app unknown', { app_id: 'nothing' }, 'app', { status: 404 }),
  batch('no records', { consent_records: [] }, 'consent_records'),
  batch('records missing', { consent_records: undefined }, 'consent_records'),
  batch('1,001 records', { consent_records: Array(1001).fill({ identification: PHONE }) }, 'consent_records'),
  batch('identification missing', { consent_records: [{}] }, 'identification'),
  ...['46799999901.0', '+46799999901 x', '0799999901', '46799999901 46799999902'].map((identification) =>
    batch(`identification ${identification}`, { consent_records: [{ identification }] }, 'identification'),
  ),
  batch(
    'a contact id',
    { consent_records: [{ identification: '01EKA07N79THJ20ZSN6AS30TMW' }] },
    'consent_records.0.identification',
  ),
  batch(
    'unknown list',
    { consent_records: [{ identification: PHONE, consent_type: 'OPT_IN' }] },
    'consent_type',
  ),
  batch('another project’s key', {}, 'project', { status: 403, call: { scope: 'other-project' } }),
  read('/apps/app1/consents/OPT_IN_ALL', 'list_type'),
  read('/apps/app1/consents/opt_out_all', 'list_type'),
  read('/apps/app1/consents/identities', 'list_type'),
  read('/apps/nothing/consents/OPT_OUT_ALL', 'app', { status: 404 }),
  read('/apps/app1/consents/OPT_OUT_ALL', 'project', { status: 403, call: { scope: 'other-project' } }),
  ...['0', '-1', 'ten', '1.5', '', '1e3', '1&page_size=2'].map((size) =>
    read(`/apps/app1/consents/OPT_OUT_ALL?page_size=${size}`, 'page_size'),
  ),
  read('/apps/app1/consents/OPT_OUT_ALL?page_token=abc', 'page_token'),
  read(`/apps/app1/consents/identities/${LONG}`, 'identity'),
  read(`/apps/nothing/consents/identities/${PHONE}`, 'app', { status: 404 }),
  read(`/apps/app1/consents/identities/%E0%A4%A`, 'path'),
  read(`/apps/nothing/consents/identities/${PHONE}/standing`, 'app', { status: 404 }),
  read(`/apps/app1/consents/identities/${PHONE}/standing?at=yesterday`, 'at'),
  read('/apps/app1/simulator/messages?page_size=0', 'page_size'),
  read('/apps/app1/simulator/messages?page_token=abc', 'page_token'),
  read('/apps/app1/simulator/messages?colour=blue', 'colour'),
  read('/apps/nothing/simulator/messages', 'app', { status: 404 }),
  read(`/messages/${LONG}`, 'message_id'),
  read('/messages/nothing', 'message', { status: 404 }),
  read('/messages?state=lost', 'state'),
  read('/messages?contact_id=c', 'contact_id'),
  read('/messages?page_token=abc', 'page_token'),
  read(`/messages?channel_identity=${PHONE}`, 'app_id'),
  read('/messages?start_time=yesterday', 'start_time'),
  read('/callbacks?state=lost', 'state'),
  read('/callbacks?trigger=LOST', 'trigger'),
  read('/callbacks?page_token=abc', 'page_token'),
  read(`/callbacks?identity=${PHONE}`, 'app_id'),
  read('/callbacks?from=2026-01-02', 'from'),
  read('/callbacks?to=soon', 'to'),
  read('/callbacks?colour=blue', 'colour'),
  read('/callbacks/nothing', 'callback', { status: 404 }),
];

describe('bad input', () => {
  it.each(cases)('$name', async ({ method, path, body, status = 400, names = '', call }) => {
    const before = world.ledger.headPosition();
    const answer = await world.call(method, path, body, call);
    expect(answer.status, answer.text).toBe(status);
    const flat = path === '/consents';
    const error = (flat ? answer.body : answer.body['error']) as Record<string, unknown>;
    expect(error).toMatchObject({ code: status, status: expect.stringMatching(/^[A-Z_]+$/u) as string });
    expect(error['message']).toContain(names);
    expect(error['details']).toBeInstanceOf(Array);
    expect(answer.text).not.toMatch(new RegExp(`${PHONE}|${TEXT}|0799999901|x{20}`, 'u'));
    expect(world.ledger.headPosition()).toBe(before);
  });

  it('leaves no identity and no text in the log', () => {
    expect(world.logLines.length).toBeGreaterThan(cases.length / 2);
    expect(world.logLines.join('')).not.toMatch(new RegExp(`${PHONE}|${TEXT}`, 'u'));
  });

  it('has the table that the issue asks for', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });
});
