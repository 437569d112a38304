import {
  bare,
  casesOf,
  long,
  MARKED_PHONE,
  MARKED_TEXT,
  NOT_FOUND,
  WEBHOOK,
  type BadInput,
} from './bad-inputs.js';

const createApp = casesOf('POST', '/apps', {
  display_name: MARKED_TEXT,
  channel_credentials: [{ channel: 'SMS' }],
});
const changeApp = casesOf('PATCH', '/apps/demo', {});

const apps: readonly BadInput[] = [
  createApp('display_name missing', { display_name: undefined }, 'display_name'),
  createApp('display_name empty', { display_name: '' }, 'display_name'),
  createApp('display_name too long', { display_name: long(257) }, 'display_name'),
  createApp('credentials missing', { channel_credentials: undefined }, 'channel_credentials'),
  createApp(
    'credentials of an unknown channel',
    { channel_credentials: [{ channel: MARKED_TEXT }] },
    'channel',
  ),
  createApp(
    'bearer without a token',
    { channel_credentials: [{ channel: 'SMS', static_bearer: { claimed_identity: MARKED_PHONE } }] },
    'token',
  ),
  createApp('processing_mode unknown', { processing_mode: 'BOTH' }, 'processing_mode'),
  createApp('retention of 0 days', { retention_policy: { ttl_days: 0 } }, 'retention_policy.ttl_days'),
  createApp(
    'retention of 3,651 days',
    { retention_policy: { ttl_days: 3_651 } },
    'retention_policy.ttl_days',
  ),
  createApp(
    'dispatch retention of 8 days',
    { dispatch_retention_policy: { ttl_days: 8 } },
    'dispatch_retention_policy.ttl_days',
  ),
  createApp(
    'secret too long',
    { callback_settings: { secret_for_overridden_callback_urls: long(1_025) } },
    'callback_settings',
  ),
  createApp('body an array', {}, 'body', { body: [] }),
  changeApp('display_name null', { display_name: null }, 'display_name'),
  changeApp('credentials a text', { channel_credentials: MARKED_PHONE }, 'channel_credentials'),
  {
    ...changeApp('mask of an unknown field', { display_name: MARKED_TEXT }, 'update_mask'),
    path: '/apps/demo?update_mask=colour',
  },
  {
    ...changeApp('mask of a read-only field', {}, 'update_mask'),
    path: '/apps/demo?update_mask=rate_limits',
  },
  { ...changeApp('mask of __proto__', {}, 'update_mask'), path: '/apps/demo?update_mask=__proto__' },
  {
    ...changeApp('mask of a name that is then missing', {}, 'display_name'),
    path: '/apps/demo?update_mask=display_name',
  },
  { ...changeApp('app unknown', { display_name: MARKED_TEXT }, 'app', NOT_FOUND), path: '/apps/nobody' },
  bare('GET', '/apps/nobody', 'app', NOT_FOUND),
  bare('DELETE', '/apps/nobody', 'app', NOT_FOUND),
  bare('DELETE', '/apps/nobody', 'app', { ...NOT_FOUND, headers: { 'content-type': 'application/json' } }),
];

const credentials = {
  client_id: MARKED_PHONE,
  client_secret: MARKED_TEXT,
  endpoint: 'http://127.0.0.1:9/token',
};
const createWebhook = casesOf('POST', '/webhooks', {
  app_id: 'demo',
  target: 'http://127.0.0.1:9/new',
  secret: MARKED_TEXT,
});
const changeWebhook = casesOf('PATCH', `/webhooks/${WEBHOOK}`, {});

const webhooks: readonly BadInput[] = [
  createWebhook('app_id missing', { app_id: undefined }, 'app_id'),
  createWebhook('app unknown', { app_id: 'nobody' }, 'app', NOT_FOUND),
  createWebhook('target missing', { target: undefined }, 'target'),
  createWebhook('target no URL', { target: MARKED_TEXT }, 'target'),
  createWebhook('target too long', { target: `http://127.0.0.1:9/${long(742)}` }, 'target'),
  createWebhook('target of the API itself', { target: 'https://us.conversation.api.sinch.com/x' }, 'target'),
  createWebhook('target in a private network', { target: 'https://192.168.0.1/' }, 'target'),
  createWebhook('target of a cloud’s metadata', { target: 'http://169.254.169.254/' }, 'target'),
  createWebhook('target with a password', { target: `https://u:${MARKED_TEXT}@example.com/` }, 'target'),
  createWebhook('target taken', { target: 'http://127.0.0.1:9/hook' }, 'target'),
  createWebhook('target_type unknown', { target_type: 'GRPC' }, 'target_type'),
  createWebhook('triggers a text', { triggers: 'OPT_OUT' }, 'triggers'),
  createWebhook('trigger unspecified', { triggers: ['OPT_OUT', 'UNSPECIFIED_TRIGGER'] }, 'triggers.1'),
  createWebhook('trigger unknown', { triggers: [MARKED_TEXT] }, 'triggers.0'),
  createWebhook('secret a number', { secret: 7 }, 'secret'),
  createWebhook('secret too long', { secret: long(1_025) }, 'secret'),
  ...['whsec_', 'whsec_=', 'whsec_!!!!', 'whsec_ ', 'whsec_A', 'whsec_MfKQ9r8G\n'].map((secret) =>
    createWebhook(`secret ${JSON.stringify(secret)}`, { secret }, 'secret'),
  ),
  createWebhook(
    'credentials without an endpoint',
    { client_credentials: { ...credentials, endpoint: undefined } },
    'endpoint',
  ),
  createWebhook(
    'credentials of a private address',
    { client_credentials: { ...credentials, endpoint: 'https://10.0.0.1/' } },
    'endpoint',
  ),
  createWebhook(
    'credentials of a long scope',
    { client_credentials: { ...credentials, scope: long(1_025) } },
    'scope',
  ),
  changeWebhook('target null', { target: null }, 'target'),
  changeWebhook('trigger unspecified', { triggers: ['UNSPECIFIED_TRIGGER'] }, 'triggers.0'),
  changeWebhook('another app', { app_id: 'other' }, 'app_id'),
  {
    ...changeWebhook('mask of the id', { id: MARKED_TEXT }, 'update_mask'),
    path: `/webhooks/${WEBHOOK}?update_mask=id`,
  },
  {
    ...changeWebhook('webhook unknown', { secret: MARKED_TEXT }, 'webhook', NOT_FOUND),
    path: '/webhooks/nothing',
  },
  bare('GET', '/webhooks/nothing', 'webhook', NOT_FOUND),
  bare('GET', '/webhooks/%00', 'webhook', NOT_FOUND),
  bare('DELETE', '/webhooks/nothing', 'webhook', {
    ...NOT_FOUND,
    headers: { 'content-type': 'application/json' },
  }),
  bare('GET', '/apps/nobody/webhooks', 'app', NOT_FOUND),
];

const consent = casesOf('PATCH', '/apps/demo/consent-settings', {});
const channel = casesOf('PATCH', '/apps/demo/channel-settings', {});
const delivery = casesOf('PATCH', `/webhooks/${WEBHOOK}/delivery-settings`, {});
const cell = { language: 'EN', list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT' };

const SINCH = {
  type: 'sinch',
  sinch_project_id: 'p',
  sinch_app_id: 'a',
  region: 'eu',
  key_id: 'k',
  key_secret: MARKED_TEXT,
  inbound_secret: MARKED_TEXT,
};

const TWILIO = {
  type: 'twilio',
  account_sid: `AC${'0'.repeat(32)}`,
  auth_token: MARKED_TEXT,
};

const settings: readonly BadInput[] = [
  consent('mode unknown', { mode: 'TERTIARY' }, 'mode'),
  consent('enabled a text', { enabled: 'yes' }, 'enabled'),
  consent('no language', { languages: [] }, 'languages'),
  consent('US without English', { keyword_sets: ['US'], languages: ['ES'] }, 'keyword_sets'),
  consent(
    'a word that US reads as a stop',
    { keyword_sets: ['US'], keywords: [{ ...cell, direction: 'OPT_IN', words: ['q.u.i.t'] }] },
    'keywords[0].words[0]',
  ),
  consent('help of no language', { help: [{ words: [MARKED_TEXT] }] }, 'help.0.language'),
  consent('help for a list', { help: [{ ...cell, text: MARKED_TEXT }] }, 'help.0'),
  consent('help twice', { help: [{ language: 'EN' }, { language: 'EN' }] }, 'help'),
  consent('language unknown', { languages: ['SV'] }, 'languages'),
  consent('language twice', { languages: ['EN', 'EN'] }, 'languages'),
  consent('an unknown key', { colour: MARKED_TEXT }, 'colour'),
  consent('revision of the past', { revision: 999, auto_reply: false }, 'revision', {
    code: 409,
    status: 'ABORTED',
  }),
  consent(
    '21 words',
    { keywords: [{ ...cell, words: Array.from({ length: 21 }, (_, at) => `word${at}`) }] },
    'words',
  ),
  consent('a word of 65 characters', { keywords: [{ ...cell, words: [long(65)] }] }, 'words'),
  consent('an empty word', { keywords: [{ ...cell, words: [' '] }] }, 'words'),
  consent(
    'a word with two meanings',
    { keywords: [{ ...cell, direction: 'OPT_IN', words: ['stop'] }] },
    'keywords',
  ),
  consent(
    'a cell twice',
    {
      keywords: [
        { ...cell, words: ['no'] },
        { ...cell, words: ['nope'] },
      ],
    },
    'keywords',
  ),
  consent('a reply too long', { replies: [{ ...cell, text: long(1_601) }] }, 'replies'),
  consent('body missing', {}, 'body', { body: undefined }),
  {
    ...consent('app unknown', { auto_reply: false }, 'app', NOT_FOUND),
    path: '/apps/nobody/consent-settings',
  },
  bare('GET', '/apps/nobody/consent-settings', 'app', NOT_FOUND),
  channel('type unknown', { type: 'pigeon' }, 'type'),
  channel('http without a url', { type: 'http', secret: MARKED_TEXT }, 'url'),
  channel('http without a secret', { type: 'http', url: 'http://127.0.0.1:9/' }, 'secret'),
  channel('url no URL', { type: 'http', url: MARKED_TEXT, secret: MARKED_TEXT }, 'url'),
  channel('url in a private network', { type: 'http', url: 'https://10.0.0.1/', secret: MARKED_TEXT }, 'url'),
  channel('simulator with a secret', { type: 'simulator', secret: MARKED_TEXT }, 'secret'),
  channel('an unknown key', { colour: MARKED_TEXT }, 'colour'),
  channel('sinch without its project', { ...SINCH, sinch_project_id: undefined }, 'sinch_project_id'),
  channel('sinch without a key', { ...SINCH, key_secret: undefined }, 'key_secret'),
  channel('sinch without a secret for callbacks', { ...SINCH, inbound_secret: undefined }, 'inbound_secret'),
  channel('sinch with ids that are none', { ...SINCH, sinch_app_id: `+${MARKED_PHONE}` }, 'sinch_app_id'),
  channel('sinch in an unknown region', { ...SINCH, region: 'moon' }, 'region'),
  channel('sinch in a private network', { ...SINCH, base_url: 'https://10.0.0.1' }, 'base_url'),
  channel('sinch with a query', { ...SINCH, auth_url: 'https://auth.sinch.com/?a' }, 'auth_url'),
  channel('sinch with a field of http', { ...SINCH, idempotent: true }, 'idempotent'),
  channel('twilio without its account', { ...TWILIO, account_sid: undefined }, 'account_sid'),
  channel('twilio without a token', { ...TWILIO, auth_token: undefined }, 'auth_token'),
  channel('twilio with an account that is none', { ...TWILIO, account_sid: MARKED_PHONE }, 'account_sid'),
  channel('twilio with an empty token', { ...TWILIO, auth_token: '' }, 'auth_token'),
  channel(
    'twilio with a key without its secret',
    { ...TWILIO, api_key_sid: `SK${'0'.repeat(32)}` },
    'api_key_secret',
  ),
  channel('twilio with a secret without its key', { ...TWILIO, api_key_secret: MARKED_TEXT }, 'api_key_sid'),
  channel(
    'twilio with a service that is none',
    { ...TWILIO, messaging_service_sid: 'x' },
    'messaging_service_sid',
  ),
  channel('twilio in a private network', { ...TWILIO, base_url: 'https://10.0.0.1' }, 'base_url'),
  channel('twilio with a query', { ...TWILIO, base_url: 'https://api.twilio.com/?a' }, 'base_url'),
  channel('twilio with a field of sinch', { ...TWILIO, region: 'us' }, 'region'),
  channel('http with a field of sinch', { type: 'http', region: 'eu' }, 'region'),
  {
    ...channel('app unknown', { type: 'simulator' }, 'app', NOT_FOUND),
    path: '/apps/nobody/channel-settings',
  },
  bare('GET', '/apps/nobody/channel-settings', 'app', NOT_FOUND),
  delivery('profile unknown', { profile: 'eager' }, 'profile'),
  delivery('a delay of 0', { delays: [0] }, 'delays'),
  delivery('51 delays', { delays: Array(51).fill(1) }, 'delays'),
  delivery('timeout of 31 s', { timeout_s: 31 }, 'timeout_s'),
  delivery('an unknown key', { colour: MARKED_TEXT }, 'colour'),
  bare('GET', '/webhooks/nothing/delivery-settings', 'webhook', NOT_FOUND),
];

export const SETTINGS_INPUTS: readonly BadInput[] = [...apps, ...webhooks, ...settings];
