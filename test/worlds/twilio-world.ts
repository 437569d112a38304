import { randomUUID } from 'node:crypto';
import { lastEventReader } from '../../activities/messages/decision-facts.js';
import { createGuardedHttp } from '../../http-client/guarded-http.js';
import { handOver } from '../../activities/messages/hand-over.js';
import type { MessageResult } from '../../activities/messages/hand-over-types.js';
import { readMessages } from '../../activities/messages/read-messages.js';
import { createAddressGuard } from '../../http-client/address-guard.js';
import { createChannels } from '../../channels/choose-channel.js';
import type { LedgerEvent } from '../../domain/events/events.js';
import type { OwedMessage } from '../../domain/owed.js';
import { acceptMessage, type SendCommand } from '../../ledger/commands/accept-message.js';
import type { Ledger } from '../../ledger/ledger.js';
import { contactStream, messageStream } from '../../ledger/streams.js';
import { planMessage } from '../../workflows/plan-message.js';
import { apiWorld, PROJECT, type ApiWorld } from './api-world.js';
import { startTwilioStandIn, type TwilioStandIn } from '../support/twilio/twilio-stand-in.js';

/** What Twilio calls: a port of its own and a path, as behind a proxy. */
export const PUBLIC_URL = 'https://sms.example:8443/optledger';
export const API_KEY = ['SK00000000000000000000000000000001', 'the secret of the key'] as const;

/** The API over a real ledger file, Twilio's stand-in on both sides of it, and hand-overs without Temporal. */
export interface TwilioWorld {
  readonly api: ApiWorld;
  readonly twilio: TwilioStandIn;
  readonly appId: string;
  /** The app's webhook as it is configured at Twilio. */
  readonly webhook: string;
  configure(patch: Readonly<Record<string, unknown>>, appId?: string): Promise<void>;
  accept(identity: string, more?: Partial<SendCommand>): Promise<OwedMessage>;
  /** The reply that the last keyword of a contact owes. */
  replyTo(identity: string): Promise<OwedMessage>;
  /** One round of what a workflow does: read, decide, act. */
  attempt(item: OwedMessage): Promise<MessageResult>;
  messageEvents(item: OwedMessage): Promise<readonly LedgerEvent[]>;
  contactEvents(identity: string): Promise<readonly LedgerEvent[]>;
  close(): Promise<void>;
}

export async function twilioWorld(wrap?: (ledger: Ledger) => Ledger): Promise<TwilioWorld> {
  const config = { tokenTtl: 3600, rates: { api: 0, send: 0, callback: 0 }, loopback: true };
  const api = await apiWorld(wrap, {
    config: { ...config, publicUrl: PUBLIC_URL },
    checkTarget: async () => null,
  });
  const { appId, ledger, rootKey, clock } = api;
  const origin = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const webhook = `${PUBLIC_URL}/v1/projects/${PROJECT}/apps/${appId}/inbound/twilio`;
  const twilio = await startTwilioStandIn({
    webhook: () => webhook,
    reach: (url) => url.replace(/^https:\/\/sms\.example(?::\d+)?\/optledger/u, origin),
    apiKey: API_KEY,
  });
  const guard = createAddressGuard(['127.0.0.0/8', '::1/128']);
  const http = createGuardedHttp({ guard, nowMs: () => performance.now() });
  const open = (sealed: string, context: string): string => rootKey.open(sealed, context);
  const channels = createChannels({
    ...{ simulator: null, http, clock, newNonce: randomUUID, open, publicUrl: PUBLIC_URL },
  });
  const deps = {
    ...{ ledger, clock, newId: randomUUID, readLast: lastEventReader(ledger) },
    channelFor: channels.choose,
  };
  const streamOf = async (stream: string): Promise<readonly LedgerEvent[]> =>
    (await ledger.readStream(stream, { from: 0, direction: 'forwards', limit: 1_000 })).map(
      ({ event }) => event,
    );
  const contactOf = (identity: string) =>
    contactStream(rootKey.contactId(PROJECT, appId, { channel: 'SMS', identity }));

  const world: TwilioWorld = {
    ...{ api, twilio, appId, webhook },
    async configure(patch, of = appId) {
      const answer = await api.call('PATCH', `/apps/${of}/channel-settings`, patch);
      if (answer.status !== 200) throw new Error(answer.text);
    },
    async accept(identity, more = {}) {
      const command: SendCommand = {
        projectId: PROJECT,
        appId,
        actor: { type: 'system' },
        recipients: [{ channel: 'SMS', identity }],
        contentType: 'CONTENT_UNKNOWN',
        processingMode: 'DISPATCH',
        sender: '+12025550100',
        message: { text_message: { text: 'Hello' } },
        metadata: '',
        correlationId: '',
        ...more,
      };
      const { messageId } = await acceptMessage({ ledger, clock, rootKey }, command);
      return { messageId, projectId: PROJECT, appId, cause: null };
    },
    async replyTo(identity) {
      const stream = contactOf(identity);
      const events = await streamOf(stream);
      const event = events.at(-1);
      const reply = event !== undefined && 'reply' in event.data ? event.data.reply : null;
      if (reply === null) throw new Error('no reply is owed');
      const { messageId } = reply;
      return { messageId, projectId: PROJECT, appId, cause: { stream, revision: events.length - 1 } };
    },
    async attempt(item) {
      const read = await readMessages(deps, [item]);
      const [message] = read.messages;
      const step = message === undefined ? undefined : planMessage(read, message);
      if (step?.step !== 'act') throw new Error(`nothing to do: ${JSON.stringify(step)}`);
      return handOver(deps, step.plan, { signal: new AbortController().signal });
    },
    messageEvents: ({ messageId }) => streamOf(messageStream(messageId)),
    contactEvents: (identity) => streamOf(contactOf(identity)),
    async close() {
      await Promise.all([twilio.close(), http.close()]);
      await api.close();
    },
  };
  await world.configure({
    type: 'twilio',
    account_sid: twilio.accountSid,
    auth_token: twilio.authToken,
    base_url: twilio.url,
  });
  return world;
}
