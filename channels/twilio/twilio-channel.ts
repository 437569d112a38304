import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import { answerOutcome } from '../answer-outcome.js';
import type { Channel, HandOverOutcome, OutboundMessage } from '../channel.js';
import type { HttpSender } from '../../http-client/http-sender.js';
import type { SlotPool } from '../slot-pool.js';
import { writeTwilioAddress } from './twilio-addresses.js';
import { twilioRefused, twilioTaken } from './twilio-outcome.js';

/** A call takes so long in all: for so long it may be under way after an opt-out that came too late for it. */
const TIMEOUT_MS = 6_000;

export interface TwilioChannelDeps {
  readonly http: HttpSender;
  readonly clock: Clock;
  readonly slots: SlotPool;
}

/** An account at Twilio, its secrets opened. */
export interface TwilioAccount {
  readonly accountSid: string;
  /** Origin of the API, without a slash at the end. */
  readonly apiUrl: string;
  /** Basic auth: account SID and auth token, or an API key and its secret. */
  readonly user: string;
  readonly secret: string;
  /** Chooses the sender of a message that names none. */
  readonly messagingServiceSid: string | null;
  /** Where status callbacks of a message go; null where nobody outside can reach us. */
  readonly statusCallback: ((message: OutboundMessage) => string) | null;
}

/**
 * Hands messages over by `POST /2010-04-01/Accounts/{sid}/Messages.json`. Twilio has no idempotency key, so what may
 * have been taken is never repeated. Our own id goes along in the URL of the status callback: receipts bring it
 * back, also one that overtakes the answer, and one after an answer that never came.
 */
export function createTwilioChannel(deps: TwilioChannelDeps, account: TwilioAccount): Channel {
  const { slots } = deps;
  return {
    idempotent: false,
    async prepare(message) {
      const form = formOf(account, message);
      if (!(form instanceof URLSearchParams)) {
        return { begin: () => Promise.resolve(form), release: () => undefined };
      }
      const release = await slots.take();
      return { release, begin: () => call(deps, account, form).finally(release) };
    },
  };
}

/** Runs up to the start of the request without giving up the turn. */
async function call(
  { http, clock }: TwilioChannelDeps,
  { apiUrl, accountSid, user, secret }: TwilioAccount,
  form: URLSearchParams,
): Promise<HandOverOutcome> {
  const handedOverAt = new Date(clock.now()).toISOString();
  const answer = await http.post({
    url: `${apiUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
    },
    body: form.toString(),
    timeoutMs: TIMEOUT_MS,
  });
  return answerOutcome(answer, clock.now(), {
    taken: (response) => twilioTaken(response, handedOverAt),
    refused: twilioRefused,
  });
}

type Failed = Extract<HandOverOutcome, { outcome: 'failed' }>;

/** @returns what to post, or why Twilio could only refuse it */
function formOf(account: TwilioAccount, message: OutboundMessage): URLSearchParams | Failed {
  const { channel, identity, sender } = message;
  const { messagingServiceSid, statusCallback } = account;
  const to = writeTwilioAddress({ channel, address: identity });
  const from = writeTwilioAddress({ channel, address: sender });
  if (to === undefined || from === undefined) return failed('Twilio has no such channel');
  const content = contentOf(message.message);
  if (content === undefined) return failed('Twilio takes text and media messages only');
  if (sender === '' && messagingServiceSid === null) {
    return failed('neither a sender nor a Messaging Service is set', 'CHANNEL_BAD_CONFIGURATION');
  }
  return new URLSearchParams({
    To: to,
    ...(sender === '' ? { MessagingServiceSid: messagingServiceSid ?? '' } : { From: from }),
    ...content,
    ...(statusCallback === null ? {} : { StatusCallback: statusCallback(message) }),
  });
}

/** The kinds of an AppMessage of the Sinch Conversation API that a Message resource has a parameter for. */
const appMessage = z.object({
  text_message: z.object({ text: z.string() }).optional(),
  media_message: z.object({ url: z.string() }).optional(),
});

function contentOf(message: OutboundMessage['message']): Record<string, string> | undefined {
  const { text_message: text, media_message: media } = appMessage.safeParse(message).data ?? {};
  if (text !== undefined) return { Body: text.text };
  return media === undefined ? undefined : { MediaUrl: media.url };
}

function failed(description: string, reason: Failed['reason'] = 'CHANNEL_REJECT'): Failed {
  return { outcome: 'failed', reason, description };
}
