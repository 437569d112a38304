import type { Schema } from './document.js';

const cell = { language: 'EN', list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT' };
const PERSON = '46700000001';

/** Requests that say more than a generated one; each is sent to the API by a test. */
const REQUESTS: Readonly<Record<string, unknown>> = {
  'POST /oauth2/token': { grant_type: 'client_credentials' },
  'POST /v1/projects/{project_id}/messages:send': {
    app_id: 'demo',
    recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: PERSON }] } },
    message: { text_message: { text: 'Last chance!' } },
    message_content_type: 'CONTENT_MARKETING',
  },
  'POST /v1/projects/{project_id}/apps/{app_id}/inbound/generic': {
    message_id: 'gateway-1',
    channel: 'SMS',
    identity: PERSON,
    sender: '12025550100',
    text: 'STOP',
  },
  'POST /v1/projects/{project_id}/consents': {
    app_id: 'demo',
    consent_records: [{ identification: PERSON, consent_type: 'OPT_OUT_MARKETING' }],
  },
  'POST /v1/projects/{project_id}/apps': {
    display_name: 'Shop',
    channel_credentials: [{ channel: 'SMS', static_bearer: { claimed_identity: '12025550100', token: 't' } }],
  },
  'PATCH /v1/projects/{project_id}/apps/{app_id}': { display_name: 'Shop' },
  'POST /v1/projects/{project_id}/webhooks': {
    app_id: 'demo',
    target: 'https://example.com/hook',
    target_type: 'HTTP',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    triggers: ['OPT_IN', 'OPT_OUT'],
  },
  'PATCH /v1/projects/{project_id}/webhooks/{webhook_id}': {
    triggers: ['OPT_IN', 'OPT_OUT', 'MESSAGE_DELIVERY'],
  },
  'PATCH /v1/projects/{project_id}/apps/{app_id}/consent-settings': {
    keyword_sets: ['SINCH', 'US'],
    keywords: [{ ...cell, words: ['HALT'], replace_defaults: false }],
    replies: [{ ...cell, text: 'You get no more messages from us.' }],
    help: [{ language: 'EN', text: 'Shop: call 1-800-555-0100. Reply STOP to opt out.' }],
  },
  'PATCH /v1/projects/{project_id}/apps/{app_id}/channel-settings': {
    type: 'http',
    url: 'https://example.com/send',
    secret: 'of the gateway',
    idempotent: true,
  },
  'PATCH /v1/projects/{project_id}/webhooks/{webhook_id}/delivery-settings': {
    profile: 'durable',
    timeout_s: 10,
  },
};

/** The values of fields that have a meaning everybody knows. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  identity: PERSON,
  identification: PERSON,
  sender: '12025550100',
  project_id: 'demo',
  app_id: 'demo',
  message_id: '01JD0V6Q3Z8Y5T4W2R1P0N9M8K',
  text: 'STOP',
  reason: 'asked by phone',
  page_token: '',
  next_page_token: '',
  expires_in: 3600,
  revision: 3,
};

function text(schema: Schema): string {
  if (schema.format === 'date-time') return '2026-01-31T12:00:00.000Z';
  if (schema.format === 'uuid') return 'b0c7d6f0-0000-5000-8000-000000000001';
  return '…';
}

function number({ minimum }: Schema): number {
  return minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : 1;
}

function object({ properties = {}, required = [] }: Schema, all: boolean): object {
  const shown = Object.entries(properties).filter(([name]) => all || required.includes(name));
  return Object.fromEntries(shown.map(([name, field]) => [name, exampleOf(field, all, name)]));
}

/**
 * Makes a value that a schema allows, or nearly: patterns are not looked at.
 * @param all true also fills what need not be there
 */
export function exampleOf(schema: Schema, all: boolean, name = ''): unknown {
  const known = BY_NAME[name];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const other = (schema.anyOf ?? schema.oneOf ?? []).find(({ type }) => type !== 'null');
  if (other !== undefined) return exampleOf(other, all, name);
  const [type] = [schema.type].flat();
  switch (type) {
    case 'object':
      return object(schema, all);
    case 'array':
      return [exampleOf(schema.items ?? {}, all, name)];
    case 'integer':
    case 'number':
      return typeof known === 'number' ? known : number(schema);
    case 'boolean':
      return true;
    case 'string':
      return typeof known === 'string' ? known : text(schema);
    default:
      return {};
  }
}

/** Makes a request as somebody would send it. @param name method and path, e.g. `POST /oauth2/token` */
export function requestExample(name: string, schema: Schema): unknown {
  return REQUESTS[name] ?? exampleOf(schema, false);
}
