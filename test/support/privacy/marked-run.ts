import type { Answer, Instance } from '../instance/instance.js';
import * as marked from '../../worlds/marked-world.js';
import { phoneOf } from '../../worlds/marked-world.js';
import { basic, rawRequest } from '../http/raw-http.js';
import { inbound, listed, phone, registerWebhook, send } from '../story.js';

const CREDENTIALS = [
  {
    channel: 'SMS',
    static_bearer: { claimed_identity: '12025550100', token: marked.CHANNEL_TOKEN },
  },
];

async function ok<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`${String(status)}: ${JSON.stringify(body)}`);
  return body;
}

/** An app on a gateway, and callbacks of the demo app to receivers of every temper. @returns the gateway's app */
export async function setUpMarked(
  instance: Instance,
  { receiver, gateway }: { readonly receiver: string; readonly gateway: string },
): Promise<string> {
  const app = await ok(
    instance.call<{ id: string }>('POST', '/apps', {
      display_name: 'through the gateway',
      channel_credentials: CREDENTIALS,
      callback_settings: { secret_for_overridden_callback_urls: marked.OVERRIDE_SECRET },
    }),
  );
  const settings = { type: 'http', url: gateway, secret: marked.GATEWAY_SECRET, idempotent: false };
  await ok(instance.call('PATCH', `/apps/${app.id}/channel-settings`, settings));
  const client_credentials = {
    ...{ client_id: 'client', client_secret: marked.CLIENT_SECRET, endpoint: `${receiver}/token` },
  };
  const secret = marked.HOOK_SECRET;
  await registerWebhook(instance, `${receiver}/taken`, { secret, app_id: app.id });
  for (const [target, more] of [
    [`${receiver}/taken`, {}],
    [`${receiver}/refused`, {}],
    [`${receiver}/later`, {}],
    [`${receiver}/with-token`, { client_credentials }],
    ['http://127.0.0.1:9/unreachable', {}],
  ] as const) {
    const id = await registerWebhook(instance, target, { secret, ...more });
    await ok(instance.call('PATCH', `/webhooks/${id}/delivery-settings`, { delays: [1, 1, 1] }));
  }
  return app.id;
}

/** People write: in every spelling, words and no words, twice the same id, from names that are no numbers. */
export async function writeMarked(instance: Instance): Promise<void> {
  const path = `/apps/${instance.appId}/inbound/generic`;
  const write = (identity: string, text: string, more: object = {}) =>
    ok(
      instance.call('POST', path, {
        ...{ message_id: `m-${String(text.length)}`, channel: 'SMS', identity, sender: marked.SENDER },
        ...{ text, metadata: marked.METADATA, ...more },
      }),
    );
  for (const identity of marked.SPELLINGS) {
    await write(identity, marked.PLAIN);
    await write(identity, marked.FOREIGN);
    await write(identity, 'STOP');
  }
  await write(marked.BRAND, 'STOP MARKETING');
  await write(marked.BRAND, marked.PLAIN, { message_id: 'again' });
  // Another text under the same id is logged.
  await write(marked.BRAND, marked.FOREIGN, { message_id: 'again' });
  await write(marked.PSID, 'STOP', { channel: 'MESSENGER' });
  await write(phoneOf(1), 'START');
  await ok(
    instance.call('POST', '/consents', {
      app_id: instance.appId,
      consent_records: [{ identification: phoneOf(10), consent_type: 'OPT_OUT_NOTIFICATION' }],
    }),
  );
  await recordMarked(instance);
}

/** One moment: the same request comes again under its key. */
const OBTAINED_AT = new Date().toISOString();

/** Changes and questions of a customer's own system. */
async function recordMarked(instance: Instance): Promise<void> {
  const evidence = { obtained_at: OBTAINED_AT, text: `${marked.EVIDENCE} of ${phoneOf(17)}` };
  const record = { list_type: 'OPT_OUT_ALL', reason: `${marked.OWN_WORDS}, ${phoneOf(17)}` };
  const records = [
    { ...record, identity: `+${phoneOf(17)}`, direction: 'OPT_OUT' },
    { ...record, identity: phoneOf(17), direction: 'OPT_IN', evidence },
    // Wrote STOP, and nothing shows that this changed.
    { ...record, identity: phoneOf(2), direction: 'OPT_IN' },
  ];
  const consents = `/apps/${instance.appId}/consents`;
  const key = { 'idempotency-key': marked.IDEMPOTENCY };
  await ok(instance.call('POST', `${consents}:record`, { records: records.slice(0, 2) }, key));
  await ok(instance.call('POST', `${consents}:record`, { records }));
  await ok(instance.call('POST', `${consents}:check`, { identity: `+${phoneOf(2)}` }));
}

/** Secrets that the instance itself made: of its own key, of a new one, and a token. */
export async function secretsMade(instance: Instance): Promise<string[]> {
  const body = { name: 'for a while', scopes: ['read'] };
  const made = await ok(instance.call<{ key_id: string; key_secret: string }>('POST', '/access-keys', body));
  const { text } = await rawRequest(instance.url, {
    ...{ method: 'POST', path: '/oauth2/token', body: 'grant_type=client_credentials' },
    headers: {
      authorization: basic(made.key_id, made.key_secret),
      'content-type': 'application/x-www-form-urlencoded',
    },
  });
  const { access_token: token } = JSON.parse(text) as { access_token: string };
  await ok(instance.call('GET', '/apps', undefined, { authorization: `Bearer ${token}` }));
  return [instance.keySecret, made.key_secret, token];
}

/** Callbacks to a host that does not exist: they wait for longer than a test does. */
export const UNKNOWN_HOST = 3;

/** Sends that are taken, blocked, refused, tried again, and lost. */
export async function sendMarked(instance: Instance, gatewayApp: string, receiver: string): Promise<void> {
  const more = (text: string) => ({
    ...{ message: { text_message: { text } }, message_metadata: marked.METADATA },
    ...{ correlation_id: marked.CORRELATION, channel_properties: { SMS_SENDER: marked.SENDER } },
  });
  const sent = async (identity: string, text: string, rest: object = {}, type?: string): Promise<string> =>
    (await ok(send(instance, identity, type, { ...more(text), ...rest }))).message_id;

  await sent(phoneOf(1), marked.PLAIN, {}, 'CONTENT_MARKETING');
  await sent(`+${phoneOf(2)}`, marked.FOREIGN, {}, 'CONTENT_NOTIFICATION');
  await sent(phoneOf(10), marked.PLAIN, {}, 'CONTENT_NOTIFICATION');
  await sent(phoneOf(11), marked.PLAIN, { callback_url: `${receiver}/override?who=${marked.QUERY}` });
  await sent(phoneOf(16), marked.FOREIGN, { callback_url: `https://${phoneOf(16)}.invalid/${marked.QUERY}` });
  await ok(
    send(instance, phoneOf(12), undefined, more(marked.PLAIN), { 'idempotency-key': marked.IDEMPOTENCY }),
  );
  const viaGateway = { app_id: gatewayApp };
  await inbound(instance, phoneOf(13), 'STOP', { appId: gatewayApp });
  const messageId = await sent(phoneOf(14), marked.PLAIN, viaGateway);
  for (const text of [marked.REFUSED, marked.BUSY_AT_FIRST, marked.BROKEN, marked.FOREIGN]) {
    await sent(phoneOf(15), text, viaGateway);
  }
  await sent(phoneOf(13), marked.PLAIN, viaGateway);
  // In the gateway's own words; not before it has been handed over does it count.
  const receipt = { message_id: messageId, status: 'FAILED', reason: `${marked.REASON} ${phoneOf(14)}` };
  await instance.call('POST', `/apps/${gatewayApp}/receipts/generic`, receipt);
}

/** Every read that names somebody. @returns the page tokens */
export async function readMarked(instance: Instance): Promise<Buffer> {
  const consents = `/apps/${instance.appId}/consents`;
  for (const identity of [...marked.SPELLINGS, marked.BRAND]) {
    const one = `${consents}/identities/${encodeURIComponent(identity)}`;
    await ok(instance.call('GET', one));
    await ok(instance.call('GET', `${one}/standing`));
  }
  await Promise.all([listed(instance, 'OPT_OUT_ALL'), phone(instance)]);
  const tokens: string[] = [];
  for (const path of [`${consents}/OPT_OUT_ALL`, `/apps/${instance.appId}/simulator/messages`]) {
    const page = await ok(instance.call<{ next_page_token: string }>('GET', `${path}?page_size=1`));
    tokens.push(page.next_page_token);
  }
  if (tokens.includes('')) throw new Error('a page has no token');
  return Buffer.concat(tokens.flatMap((token) => [Buffer.from(token), Buffer.from(token, 'base64url')]));
}
