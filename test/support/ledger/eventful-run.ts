import { atOnce } from '../at-once.js';
import type { Gateway } from '../stand-ins/gateway.js';
import { createGatewayApp } from '../stand-ins/gateway-app.js';
import type { Answer, Instance } from '../instance/instance.js';
import { nothingOwed } from '../metrics.js';
import type { ServerProcess } from '../stand-ins/server-process.js';
import { inbound, registerWebhook, send } from '../story.js';

/** Whom and what an eventful run was about, for those who ask afterwards. */
export interface Eventful {
  readonly apps: readonly string[];
  readonly webhooks: readonly string[];
  readonly people: readonly string[];
  readonly messages: readonly string[];
}

const PEOPLE = Array.from({ length: 40 }, (_, n) => `467400${String(n).padStart(5, '0')}`);
const person = (n: number): string => PEOPLE[n % PEOPLE.length] ?? '';
/** Keywords of three languages, oddly written, an own one, and words that mean nothing. */
const TEXTS = [
  ...['STOP', ' stop  marketing ', 'START', 'Stop Notification', 'ALTO', 'Parar', 'start\tmarketing'],
  ...['hello', 'adieu', 'is it on?', 'START NOTIFICATION', 'COMENZAR', 'stop it now'],
];
const TYPES = ['CONTENT_MARKETING', 'CONTENT_NOTIFICATION', undefined];

async function ok<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`${String(status)}: ${JSON.stringify(body)}`);
  return body;
}

/**
 * A little of everything that can happen. The receiver's paths tell how it answers; at the end much is owed: to a
 * receiver that answers 503, and to a gateway that does.
 */
export async function playEventful(
  instance: Instance,
  { receiver, gateway }: { readonly receiver: ServerProcess; readonly gateway: Gateway },
): Promise<Eventful> {
  const { appId } = instance;
  const gatewayApp = await createGatewayApp(instance, gateway);
  const doomed = await createGatewayApp(instance, gateway);
  const settings = (app: string, change: object): Promise<unknown> =>
    ok(instance.call('PATCH', `/apps/${app}/consent-settings`, change));
  const hook = async (path: string, more: Record<string, unknown> = {}): Promise<string> => {
    const id = await registerWebhook(instance, `${receiver.url}/${path}`, more);
    await ok(instance.call('PATCH', `/webhooks/${id}/delivery-settings`, { delays: [1, 1, 2] }));
    return id;
  };
  const webhooks = [
    await hook('stays'),
    await hook('moves', { triggers: ['OPT_OUT'] }),
    await hook('goes', { triggers: ['OPT_IN', 'OPT_OUT'] }),
    await hook('of-the-gateway', { app_id: gatewayApp }),
    await hook('of-the-doomed', { app_id: doomed }),
  ];
  await settings(appId, {
    keywords: [{ language: 'EN', list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT', words: ['adieu'] }],
    replies: [{ language: 'EN', list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT', text: 'Farewell.' }],
  });

  const messages: string[] = [];
  const talk = async (count: number, salt: number): Promise<void> => {
    await atOnce(count, async (n) => {
      const said = TEXTS[(n * 7 + salt) % TEXTS.length] ?? '';
      const more = { messageId: `e-${String(salt)}-${String(n - (n % 10 === 9 ? 1 : 0))}` };
      messages.push((await ok(inbound(instance, person(n * 3 + salt), said, more))).message_id);
      const app = n % 3 === 0 ? gatewayApp : appId;
      const type = TYPES[n % TYPES.length];
      messages.push((await ok(send(instance, person(n * 5 + salt), type, { app_id: app }))).message_id);
    });
  };
  await talk(60, 1);
  await ok(
    instance.call('POST', '/consents', {
      app_id: appId,
      consent_records: PEOPLE.slice(10, 30).map((identification, n) => ({
        identification,
        consent_type: n % 2 === 0 ? 'OPT_OUT_MARKETING' : 'OPT_OUT_ALL',
      })),
    }),
  );
  await otherRoutes(instance);
  await inbound(instance, person(0), 'STOP', { appId: doomed });
  const override = { callback_url: `${receiver.url}/override` };
  messages.push((await ok(send(instance, person(1), undefined, override))).message_id);
  await receipts(instance, gatewayApp, messages);
  await nothingOwed(instance, 60_000);

  // From here on nobody answers well, and what was registered changes.
  await Promise.all([receiver.script({ status: 503 }), gateway.script({ status: 503 })]);
  await talk(40, 2);
  await inbound(instance, person(0), 'START', { appId: doomed });
  await settings(gatewayApp, { mode: 'SECONDARY' });
  await ok(instance.call('PATCH', `/webhooks/${webhooks[1] ?? ''}`, { target: `${receiver.url}/moved` }));
  await ok(instance.call('DELETE', `/webhooks/${webhooks[2] ?? ''}`));
  await ok(instance.call('PATCH', `/apps/${gatewayApp}?update_mask=display_name`, { display_name: 'G' }));
  await ok(instance.call('DELETE', `/apps/${doomed}`));
  // These are refused for good, and the last makes an end of its webhook.
  await receiver.script({ status: 422 }, { status: 422 }, { status: 410 }, { status: 503 });
  await talk(20, 3);
  return { apps: [appId, gatewayApp], webhooks, people: PEOPLE, messages: [...new Set(messages)] };
}

/** What a customer's own system does: consents with and without evidence, twice under one key, and keys that come and go. */
async function otherRoutes(instance: Instance): Promise<void> {
  const evidence = { obtained_at: new Date().toISOString(), text: 'ticked the box' };
  const records = PEOPLE.slice(0, 30).map((identity, n) => ({
    ...{ identity, list_type: 'OPT_OUT_MARKETING', reason: 'told us' },
    ...(n % 3 === 0 ? { direction: 'OPT_OUT' } : { direction: 'OPT_IN' }),
    ...(n % 3 === 1 ? { evidence } : {}),
  }));
  const path = `/apps/${instance.appId}/consents:record`;
  for (const _ of [1, 2]) {
    await ok(instance.call('POST', path, { records }, { 'idempotency-key': 'once' }));
  }
  for (const name of ['kept', 'revoked']) {
    const body = { name, scopes: ['read'] };
    const key = await ok(instance.call<{ key_id: string }>('POST', '/access-keys', body));
    if (name === 'revoked') await ok(instance.call('DELETE', `/access-keys/${key.key_id}`));
  }
}

/** A gateway's word on what it took: first in order, then late and repeated. */
async function receipts(instance: Instance, appId: string, messages: readonly string[]): Promise<void> {
  for (const [n, message_id] of messages.entries()) {
    const status = (['DELIVERED', 'FAILED', 'READ', 'DELIVERED'] as const)[n % 4];
    const body = { message_id, status, ...(status === 'FAILED' ? { reason: 'RATE_LIMITED' } : {}) };
    // Most are of another app, or not handed over yet: refused or passed over.
    await instance.call('POST', `/apps/${appId}/receipts/generic`, body);
  }
}

/** All that the API tells of an eventful run, by what was asked. Lists are walked page by page. */
export async function askEverything(instance: Instance, run: Eventful): Promise<Map<string, string>> {
  const { apps, webhooks, people, messages } = run;
  const paths = [
    '/apps',
    '/access-keys',
    ...webhooks.flatMap((id) => [`/webhooks/${id}`, `/webhooks/${id}/delivery-settings`]),
    ...messages.map((id) => `/messages/${id}`),
    ...apps.flatMap((app) => [
      ...['', '/webhooks', '/consent-settings', '/channel-settings'].map((path) => `/apps/${app}${path}`),
      ...people.map((identity) => `/apps/${app}/consents/identities/${identity}`),
    ]),
  ];
  const answers = new Map<string, string>();
  const ask = async (path: string): Promise<string> => {
    const { status, body } = await instance.call<{ next_page_token?: string }>('GET', path);
    answers.set(path, `${String(status)} ${JSON.stringify(body)}`);
    return body.next_page_token ?? '';
  };
  await atOnce(paths.length, (n) => ask(paths[n] ?? ''), 8);
  for (const app of apps) {
    for (const list of ['ALL', 'MARKETING', 'NOTIFICATION']) {
      const first = `/apps/${app}/consents/OPT_OUT_${list}?page_size=7`;
      for (let next = await ask(first); next !== '';) next = await ask(`${first}&page_token=${next}`);
    }
  }
  return answers;
}
