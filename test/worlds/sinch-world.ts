import type { Instance } from '../support/instance/instance.js';
import type { ScriptedServer } from '../support/stand-ins/scripted-server.js';
import {
  SINCH_PROJECT,
  type SinchStandIn,
  type StandInApp,
  type StandInSend,
} from '../support/sinch/sinch-stand-in.js';
import { ALL_TRIGGERS, toCallback, type Callback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';

/** An instance, Sinch's stand-in before it, a customer's receiver behind it. */
export interface SinchWorld {
  readonly instance: Instance;
  readonly standIn: SinchStandIn;
  readonly receiver: ScriptedServer;
}

/** An app of ours on an app of its own at the stand-in, with a webhook for everything. */
export interface SinchApp extends StandInApp {
  readonly appId: string;
  /** A phone that only this app knows. */
  readonly person: string;
  callbacks(kind: string): readonly Callback[];
  /** Waits for a callback. */
  callback(kind: string, where?: (one: Callback) => boolean): Promise<Callback>;
  /** Waits until so many sends have come to the stand-in. */
  sent(count: number): Promise<readonly StandInSend[]>;
  /** Posts what a person wrote; the body of a MESSAGE_INBOUND, changed. */
  say(id: string, text: string, more?: object): object;
}

let apps = 0;

export async function newSinchApp(
  world: SinchWorld,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<SinchApp> {
  const { instance, standIn, receiver } = world;
  const number = ++apps;
  const [sinchAppId, secret] = [`SA${String(number)}`, `inbound secret ${String(number)}`];
  const created = await instance.call<{ id: string }>('POST', '/apps', {
    display_name: sinchAppId,
    channel_credentials: ['SMS', 'WHATSAPP'].map((channel) => ({
      ...{ channel, static_bearer: { claimed_identity: 'x', token: 'y' } },
    })),
  });
  const appId = created.body.id;
  const answer = await instance.call('PATCH', `/apps/${appId}/channel-settings`, {
    ...{ type: 'sinch', sinch_project_id: SINCH_PROJECT, sinch_app_id: sinchAppId, region: 'eu' },
    ...{ base_url: standIn.url, auth_url: standIn.url, key_id: standIn.keyId, key_secret: standIn.keySecret },
    inbound_secret: secret,
    ...settings,
  });
  if (answer.status !== 200) throw new Error(`settings: ${JSON.stringify(answer.body)}`);
  await instance.call('POST', '/webhooks', {
    ...{ app_id: appId, target: `${receiver.url}/${appId}`, target_type: 'HTTP', triggers: ALL_TRIGGERS },
  });
  const person = `4670${String(number).padStart(7, '0')}`;
  const callbacks = (kind: string): Callback[] =>
    receiver.requests
      .filter(({ path }) => path === `/${appId}`)
      .map(toCallback)
      .filter((one) => one.kind === kind);
  const app: SinchApp = {
    ...{ appId, sinchAppId, sinchProjectId: SINCH_PROJECT, secret, person, callbacks },
    target: `${instance.url}${instance.base}/apps/${appId}/inbound/sinch`,
    callback: (kind, where = () => true) =>
      waitFor(`${kind} of ${sinchAppId}`, () => callbacks(kind).find(where), 20_000),
    sent: (count) =>
      waitFor(
        `${String(count)} sends of ${sinchAppId}`,
        () => {
          const sends = standIn.sends(app);
          return sends.length >= count && sends;
        },
        20_000,
      ),
    say: (id, text, more = {}) =>
      inboundOf(app, id, { contact_message: { text_message: { text } }, ...more }),
  };
  return app;
}

function inboundOf({ sinchAppId, person }: SinchApp, id: string, message: object): object {
  return {
    ...{ app_id: sinchAppId, project_id: SINCH_PROJECT, message_metadata: '', correlation_id: '' },
    ...{ accepted_time: new Date().toISOString(), event_time: new Date().toISOString() },
    message: {
      ...{ id, direction: 'TO_APP', conversation_id: '', contact_id: '', metadata: '', injected: false },
      channel_identity: { channel: 'SMS', identity: person, app_id: '' },
      ...{ sender_id: '12025550100', processing_mode: 'DISPATCH' },
      ...message,
    },
  };
}

/** Waits for the report of a message with this status. */
export async function reported(app: SinchApp, messageId: string, status: string): Promise<Callback> {
  return app.callback(
    'message_delivery_report',
    ({ payload }) => payload['message_id'] === messageId && payload['status'] === status,
  );
}

/** The statuses that a customer was told of a message, in their order. */
export function statusesOf(app: SinchApp, messageId: string): unknown[] {
  return app
    .callbacks('message_delivery_report')
    .filter(({ payload }) => payload['message_id'] === messageId)
    .map(({ payload }) => payload['status']);
}
