import type { Answer, Instance } from './instance/instance.js';
import type { Received } from './stand-ins/scripted-server.js';

/** All triggers that are fired. */
export const ALL_TRIGGERS = ['MESSAGE_INBOUND', 'MESSAGE_SUBMIT', 'MESSAGE_DELIVERY', 'OPT_IN', 'OPT_OUT'];

const ENVELOPE = new Set([
  'app_id',
  'project_id',
  'accepted_time',
  'event_time',
  'message_metadata',
  'correlation_id',
]);

/** A received callback, parsed. */
export interface Callback {
  /** The payload key, e.g. `opt_out_notification`. */
  readonly kind: string;
  readonly payload: Record<string, unknown>;
  readonly body: Record<string, unknown>;
  readonly raw: Received;
}

export function toCallback(raw: Received): Callback {
  const body = JSON.parse(raw.body) as Record<string, unknown>;
  const kind = Object.keys(body).find((key) => !ENVELOPE.has(key)) ?? '';
  return { kind, payload: body[kind] as Record<string, unknown>, body, raw };
}

/** Answer of `inbound/generic`. */
export interface InboundAnswer {
  readonly message_id: string;
  readonly event_id: string;
  readonly duplicate: boolean;
  readonly matched: {
    readonly list_type: string;
    readonly direction: string;
    readonly language: string;
  } | null;
}

let counter = 0;

/** One inbound message; a fresh provider id where none is given. */
export function inbound(
  instance: Instance,
  identity: string,
  text: string,
  more: { readonly appId?: string; readonly messageId?: string; readonly receivedAt?: string } = {},
): Promise<Answer<InboundAnswer>> {
  counter += 1;
  return instance.call('POST', `/apps/${more.appId ?? instance.appId}/inbound/generic`, {
    message_id: more.messageId ?? `p-${String(process.pid)}-${String(counter)}`,
    channel: 'SMS',
    identity,
    sender: '12025550100',
    text,
    ...(more.receivedAt === undefined ? {} : { received_at: more.receivedAt }),
  });
}

/** One text message to one phone. */
export function send(
  instance: Instance,
  identity: string,
  contentType?: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Record<string, string> = {},
): Promise<Answer<{ readonly message_id: string; readonly accepted_time: string }>> {
  const body = {
    app_id: instance.appId,
    recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity }] } },
    message: { text_message: { text: 'hello' } },
    ...(contentType === undefined ? {} : { message_content_type: contentType }),
    ...more,
  };
  return instance.call('POST', '/messages:send', body, headers);
}

/** Registers a webhook for all fired triggers. */
export async function registerWebhook(
  instance: Instance,
  target: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const answer = await instance.call<{ id: string }>('POST', '/webhooks', {
    app_id: instance.appId,
    target,
    target_type: 'HTTP',
    triggers: ALL_TRIGGERS,
    ...more,
  });
  if (answer.status !== 200)
    throw new Error(`webhook: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** What a simulated phone received. */
export interface PhoneMessage {
  readonly message_id: string;
  readonly identity: string;
  readonly text: string;
  readonly kind: 'MESSAGE' | 'REPLY';
  readonly handed_over_at: string;
}

/** Everything that the simulated phones of an app received, oldest first. */
export async function phone(instance: Instance, appId: string = instance.appId): Promise<PhoneMessage[]> {
  const all: PhoneMessage[] = [];
  for (let token = ''; ;) {
    const query = `page_size=1000${token === '' ? '' : `&page_token=${token}`}`;
    const page = await instance.call<{ messages: PhoneMessage[]; next_page_token: string }>(
      'GET',
      `/apps/${appId}/simulator/messages?${query}`,
    );
    all.push(...page.body.messages);
    token = page.body.next_page_token;
    if (token === '') return all;
  }
}

/** Identities of one list, all pages. */
export async function listed(
  instance: Instance,
  listType: string,
  appId: string = instance.appId,
): Promise<string[]> {
  const all: string[] = [];
  for (let token = ''; ;) {
    const query = `page_size=50${token === '' ? '' : `&page_token=${token}`}`;
    const page = await instance.call<{ identities: { identity: string }[]; next_page_token: string }>(
      'GET',
      `/apps/${appId}/consents/${listType}?${query}`,
    );
    all.push(...page.body.identities.map(({ identity }) => identity));
    token = page.body.next_page_token;
    if (token === '') return all;
  }
}
