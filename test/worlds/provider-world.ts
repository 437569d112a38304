import { randomUUID } from 'node:crypto';
import { lastEventReader } from '../../activities/messages/decision-facts.js';
import { handOver } from '../../activities/messages/hand-over.js';
import type { MessageResult } from '../../activities/messages/hand-over-types.js';
import { readMessages } from '../../activities/messages/read-messages.js';
import { createChannels } from '../../channels/choose-channel.js';
import type { LedgerEvent } from '../../domain/events/events.js';
import type { HttpAnswer, HttpCall, HttpSender } from '../../http-client/http-sender.js';
import { acceptMessage } from '../../ledger/commands/accept-message.js';
import type { Ledger } from '../../ledger/ledger.js';
import { planMessage } from '../../workflows/plan-message.js';
import { apiWorld, PROJECT, type Answer, type ApiWorld } from './api-world.js';

export const PUBLIC_URL = 'https://us.example/optledger';

/** What a provider's own API answers to a call. */
export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** A request of a provider, signed. */
export interface ProviderPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What follows the path of the route, `?` included. */
  readonly query?: string;
}

/** The API over a real ledger file, and hand-overs to a provider whose API is a function. */
export interface ProviderWorld {
  readonly api: ApiWorld;
  /** The ledger refuses appends from the n-th on, counted from now; null ends that. */
  failFrom(append: number | null): void;
  newApp(settings: object): Promise<string>;
  patch(appId: string, patch: object): Promise<Answer>;
  /** The URL that the provider was given, and signs over where it does. */
  urlOf(appId: string): string;
  /** @returns the status alone: what else is answered is the provider's */
  post(appId: string, post: ProviderPost): Promise<number>;
  get(appId: string, query: string): Promise<{ readonly status: number; readonly text: string }>;
  /** Sends one text through the app's channel. */
  send(
    appId: string,
    identity: string,
  ): Promise<{ readonly messageId: string; readonly result: MessageResult }>;
  /** Everything in the ledger about contacts and messages of an app, in words: type and what it says. */
  told(appId: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function providerWorld(name: string, api: (call: HttpCall) => Answered): Promise<ProviderWorld> {
  let left = Infinity;
  const world = await apiWorld(
    (ledger: Ledger) => ({
      ...ledger,
      append: async (...args) => {
        if ((left -= 1) < 0) throw Object.assign(new Error('full'), { name: 'LedgerUnavailable' });
        return ledger.append(...args);
      },
    }),
    {
      config: {
        ...{ tokenTtl: 3600, rates: { api: 0, send: 0, callback: 0 }, loopback: true },
        publicUrl: PUBLIC_URL,
      },
    },
  );
  const { ledger, rootKey, clock } = world;
  const channels = createChannels({
    ...{ simulator: null, http: senderOf(api), clock, newNonce: randomUUID, publicUrl: PUBLIC_URL },
    open: (sealed, context) => rootKey.open(sealed, context),
  });
  const deps = {
    ...{ ledger, clock, newId: randomUUID, readLast: lastEventReader(ledger), channelFor: channels.choose },
  };
  const routeOf = (appId: string): string => `/v1/projects/${PROJECT}/apps/${appId}/inbound/${name}`;
  const patch = (appId: string, settings: object): Promise<Answer> =>
    world.call('PATCH', `/apps/${appId}/channel-settings`, settings);

  return {
    api: world,
    patch,
    failFrom(append) {
      left = append === null ? Infinity : append - 1;
    },
    async newApp(settings) {
      const appId = await world.newApp();
      const answer = await patch(appId, settings);
      if (answer.status !== 200) throw new Error(answer.text);
      return appId;
    },
    urlOf: (appId) => PUBLIC_URL + routeOf(appId),
    async post(appId, { headers, body, query = '' }) {
      const url = routeOf(appId) + query;
      return (await world.app.inject({ method: 'POST', url, headers, payload: body })).statusCode;
    },
    async get(appId, query) {
      const answer = await world.app.inject({ method: 'GET', url: routeOf(appId) + query });
      return { status: answer.statusCode, text: answer.body };
    },
    async send(appId, identity) {
      const { messageId } = await acceptMessage(
        { ledger, clock, rootKey },
        {
          ...{
            projectId: PROJECT,
            appId,
            actor: { type: 'system' },
            recipients: [{ channel: 'SMS', identity }],
          },
          ...{ contentType: 'CONTENT_UNKNOWN', processingMode: 'DISPATCH', sender: '+12025550100' },
          ...{ message: { text_message: { text: 'Hello' } }, metadata: '', correlationId: '' },
        },
      );
      const read = await readMessages(deps, [{ messageId, projectId: PROJECT, appId, cause: null }]);
      const [message] = read.messages;
      const step = message === undefined ? undefined : planMessage(read, message);
      if (step?.step !== 'act') throw new Error(`nothing to do: ${JSON.stringify(step)}`);
      const result = await handOver(deps, step.plan, { signal: new AbortController().signal });
      return { messageId, result };
    },
    async told(appId) {
      const events = await world.events();
      return events.filter(({ data }) => 'appId' in data && data.appId === appId).map(inWords);
    },
    close: () => world.close(),
  };
}

function inWords(event: LedgerEvent): string {
  switch (event.type) {
    case 'message-received':
      return `${event.type} ${event.personal?.text ?? '-'}`;
    case 'message-reported':
      return `${event.type} ${event.data.status}`;
    default:
      return event.type;
  }
}

function senderOf(api: (call: HttpCall) => Answered): HttpSender {
  return {
    async post(call) {
      const { status, body: excerpt } = api(call);
      const answer: HttpAnswer = {
        ...{ status, fault: null, sent: true, peer: null, durationMs: 1, retryAfter: null, excerpt },
        truncated: false,
      };
      return answer;
    },
  };
}
