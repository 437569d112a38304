import {
  bare,
  BEARER,
  casesOf,
  FORBIDDEN,
  long,
  MARKED_PHONE,
  MARKED_TEXT,
  NOT_FOUND,
  UNAUTHENTICATED,
  UNIMPLEMENTED,
  WEBHOOK,
  type BadInput,
} from './bad-inputs.js';

const message = { message_id: 'p', channel: 'SMS', identity: MARKED_PHONE, sender: '1', text: MARKED_TEXT };
const inbound = casesOf('POST', '/apps/demo/inbound/generic', message);
const raw = (name: string, body: string, names: string): BadInput => inbound(name, {}, names, { body });
const nested = (open: string, close: string, depth: number): string =>
  `{"text":${open.repeat(depth)}1${close.repeat(depth)}}`;

const bodies: readonly BadInput[] = [
  raw('no JSON', `{"identity": "${MARKED_PHONE}`, 'JSON'),
  raw('a text', JSON.stringify(MARKED_TEXT), 'body'),
  raw('null', 'null', 'body'),
  raw('two objects', `${JSON.stringify(message)}${JSON.stringify(message)}`, 'JSON'),
  raw('a trailing comma', `{"identity":"${MARKED_PHONE}",}`, 'JSON'),
  raw('a NUL in place of JSON', '\0', 'JSON'),
  raw('__proto__', `{"__proto__":{"identity":"${MARKED_PHONE}"}}`, 'JSON'),
  raw('constructor.prototype', `{"constructor":{"prototype":{"identity":"${MARKED_PHONE}"}}}`, 'JSON'),
  raw('50,000 arrays', nested('[', ']', 50_000), 'nested'),
  raw('33 objects', nested('{"a":', '}', 33), 'nested'),
  raw('unclosed arrays', `{"text":${'['.repeat(100_000)}`, 'nested'),
  inbound('body missing', {}, 'body', { body: undefined }),
  inbound('body empty', {}, 'body', { body: '', headers: { 'content-type': 'application/json' } }),
  inbound('content type missing', {}, 'content-type', { headers: { 'content-type': '' } }),
  ...['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense'].map((type) =>
    inbound(`content type ${type}`, {}, 'content-type', { headers: { 'content-type': type } }),
  ),
  inbound('a form', {}, 'content-type', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams(message)),
  }),
];

const floods: readonly BadInput[] = [
  inbound(
    '5,000 unknown keys',
    Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`k${at}`, 1])),
    'unknown',
  ),
];

/** Of providers that sign: what is signed is told apart in tests of their own. */
const callbacks: readonly BadInput[] = ['sinch', 'twilio'].flatMap((provider) => {
  const callback = casesOf('POST', `/apps/demo/inbound/${provider}`, { message: { id: MARKED_TEXT } });
  return [
    callback('the app has another provider', {}, 'provider', NOT_FOUND),
    callback('too large', { text: long(1_100_000) }, 'larger', { code: 413 }),
    { ...callback('app unknown', {}, 'app', NOT_FOUND), path: `/apps/nobody/inbound/${provider}` },
    bare('GET', `/apps/demo/inbound/${provider}`, 'method', UNIMPLEMENTED),
  ];
});

const header = (authorization: string) => ({ headers: { authorization }, ...UNAUTHENTICATED });
const READ = '/apps';
const access: readonly BadInput[] = [
  bare('GET', READ, 'authorization', header('')),
  bare('GET', READ, 'authorization', header('Basic')),
  bare('GET', READ, 'authorization', header(`Digest ${MARKED_TEXT}`)),
  bare('GET', READ, 'authorization', header(`Basic ${MARKED_TEXT} x`)),
  bare('GET', READ, 'authorization', header(`Basic ${btoa(MARKED_TEXT)}`)),
  bare('GET', READ, 'key', header(`Basic ${btoa(`${MARKED_PHONE}:${MARKED_TEXT}`)}`)),
  bare('GET', READ, 'key', header(`Basic ${btoa(`__proto__:${MARKED_TEXT}`)}`)),
  bare('GET', READ, 'token', header(`Bearer ${MARKED_TEXT}`)),
  bare('GET', READ, 'token', header('Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ.')),
  bare('GET', READ, 'token', header(`Bearer ${BEARER}x`)),
  inbound('no sign-in', {}, 'authorization', header('')),
  bare('GET', '//v1/projects/other/apps', 'project', FORBIDDEN),
  bare('GET', '//v1/projects/other/apps', 'project', {
    ...FORBIDDEN,
    headers: { authorization: `Bearer ${BEARER}` },
  }),
  bare('GET', '//v1/projects/demo%00/apps', 'project', FORBIDDEN),
  bare('GET', `//v1/projects/${MARKED_PHONE}/apps/demo`, 'project', FORBIDDEN),
];

const token = casesOf(
  'POST',
  '//oauth2/token',
  {},
  { shape: 'oauth', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
);
const unclaimed = { headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: '' } };
const tokens: readonly BadInput[] = [
  token('grant_type missing', {}, 'grant_type', { body: '', status: 'invalid_request' }),
  token('grant_type of a password', {}, 'grant_type', {
    body: 'grant_type=password',
    status: 'unsupported_grant_type',
  }),
  token('grant_type twice', {}, 'grant_type', {
    body: 'grant_type=a&grant_type=b',
    status: 'invalid_request',
  }),
  token('no credentials', {}, 'Basic', {
    ...unclaimed,
    body: 'grant_type=client_credentials',
    code: 401,
    status: 'invalid_client',
  }),
  token('wrong secret', {}, 'secret', {
    ...unclaimed,
    body: `grant_type=client_credentials&client_id=${MARKED_PHONE}&client_secret=${MARKED_TEXT}`,
    code: 401,
    status: 'invalid_client',
  }),
  token('another content type', {}, 'content-type', {
    headers: { 'content-type': 'text/plain' },
    body: 'x',
    status: 'invalid_request',
  }),
  token('too large', {}, 'larger', {
    body: `grant_type=${long(1_100_000)}`,
    code: 413,
    status: 'invalid_request',
  }),
];

const paths = [
  '/messages:send',
  '/messages/x',
  '/consents',
  '/apps',
  '/apps/demo',
  '/webhooks',
  '/apps/demo/webhooks',
] as const;
const settings = [
  '/apps/demo/consent-settings',
  '/apps/demo/channel-settings',
  `/webhooks/${WEBHOOK}/delivery-settings`,
] as const;
const methods: readonly BadInput[] = [
  ...paths.map((path) =>
    bare('PUT', path, 'method', { ...UNIMPLEMENTED, ...(path === '/consents' ? { shape: 'flat' } : {}) }),
  ),
  ...settings.map((path) => bare('DELETE', path, 'method', UNIMPLEMENTED)),
  bare('POST', '/apps/demo/webhooks', 'method', UNIMPLEMENTED),
  bare('GET', '/messages:send', 'method', UNIMPLEMENTED),
  bare('GET', '/webhooks', 'method', UNIMPLEMENTED),
  bare('DELETE', '/apps/demo/consents/OPT_OUT_ALL', 'method', UNIMPLEMENTED),
  bare('DELETE', `/apps/demo/consents/identities/+${MARKED_PHONE}`, 'method', {
    ...UNIMPLEMENTED,
    headers: { 'content-type': 'application/json' },
  }),
  bare('POST', `/apps/demo/consents/identities/${MARKED_PHONE}/standing`, 'method', UNIMPLEMENTED),
  bare('GET', '/apps/demo/inbound/generic', 'method', UNIMPLEMENTED),
  bare('GET', '/apps/demo/receipts/generic', 'method', UNIMPLEMENTED),
  bare('POST', '/apps/demo/simulator/messages', 'method', UNIMPLEMENTED),
  bare('GET', '//oauth2/token', 'method', { shape: 'oauth', code: 501, status: 'invalid_request' }),
  bare('POST', '//health/live', 'method', UNIMPLEMENTED),
  bare('POST', '//metrics', 'method', UNIMPLEMENTED),
];

const unknown: readonly BadInput[] = [
  bare('GET', '//', 'path', NOT_FOUND),
  bare('GET', `//v2/projects/demo/${MARKED_TEXT}`, 'path', NOT_FOUND),
  bare('GET', `//v1/projects/demo/apps/demo/${MARKED_PHONE}`, 'path', NOT_FOUND),
  bare('GET', '//v1/projects/demo/apps/demo/consents', 'path', NOT_FOUND),
  bare('GET', '//v1//projects/demo/apps', 'path', NOT_FOUND),
  bare('GET', '//v1/projects/demo/%c0%ae', 'path'),
  bare('OPTIONS', '/apps', 'path', NOT_FOUND),
  bare('PROPFIND', '/apps', 'path', NOT_FOUND),
];

export const HTTP_INPUTS: readonly BadInput[] = [
  ...bodies,
  ...floods,
  ...callbacks,
  ...access,
  ...tokens,
  ...methods,
  ...unknown,
];
