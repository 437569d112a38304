import { randomUUID } from 'node:crypto';
import type { Channel, HandOverOutcome, OutboundMessage } from '../../channels/channel.js';
import type { ContactState, LedgerEvent, MessageEvent } from '../../domain/events/events.js';
import type { Standing } from '../../domain/lists.js';
import type { OwedMessage } from '../../domain/owed.js';
import { DEFAULT_CONSENT_SETTINGS, type AppState, type ConsentSettings } from '../../domain/settings.js';
import type { Ledger, Recorded } from '../../ledger/ledger.js';
import { deriveId, ulidOf } from '../../ledger/event-ids.js';
import { appStream, contactStream, messageStream } from '../../ledger/streams.js';

export const PROJECT = 'p1';
export const APP = 'a1';
export const IDENTITY = '46700000001';
export const START_AT = Date.parse('2026-11-01T12:00:00.000Z');

/** The message id that a test calls by a short name. */
export const mid = (name: string): string => ulidOf(deriveId('test', name));

const ids = { projectId: PROJECT, appId: APP };
const at = (ms: number): string => new Date(ms).toISOString();

export function appState(consent: Partial<ConsentSettings> = {}, more: Partial<AppState> = {}): AppState {
  return {
    ...ids,
    deleted: false,
    displayName: 'Test',
    processingMode: 'CONVERSATION',
    profile: {},
    consent: { ...DEFAULT_CONSENT_SETTINGS, ...consent },
    channel: { type: 'simulator' },
    endpoints: [],
    sealedOverrideSecret: null,
    ...more,
  };
}

/** A channel that answers what the test says, and remembers what it was given. */
export interface FakeChannel extends Channel {
  readonly begun: OutboundMessage[];
  released: number;
}

export function fakeChannel(
  answer: (message: OutboundMessage) => Promise<HandOverOutcome> | HandOverOutcome,
  { idempotent = false, onPrepare = async (_: OutboundMessage): Promise<void> => undefined } = {},
): FakeChannel {
  const begun: OutboundMessage[] = [];
  const channel: FakeChannel = {
    idempotent,
    begun,
    released: 0,
    async prepare(message) {
      await onPrepare(message);
      return {
        begin: () => {
          begun.push(message);
          return Promise.resolve(answer(message));
        },
        release: () => {
          channel.released += 1;
        },
      };
    },
  };
  return channel;
}

export const taken: HandOverOutcome = { outcome: 'taken', handedOverAt: at(START_AT), reports: [] };

/** Writes the streams that a message rests on, as the commands would. */
export class World {
  readonly ledger: Ledger;
  readonly clock: { now(): number };
  /** The time, where the test gave no clock. */
  now = START_AT;
  constructor(ledger: Ledger, clock?: { now(): number }) {
    this.ledger = ledger;
    this.clock = clock ?? { now: () => this.now };
  }

  async append(stream: string, event: Omit<LedgerEvent, 'id' | 'version' | 'meta'>): Promise<Recorded> {
    const [last] = await this.ledger.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 });
    const meta = {
      recordedAt: at(this.clock.now()),
      occurredAt: at(this.clock.now()),
      actor: { type: 'system' },
    };
    const full = { id: randomUUID(), version: 1, meta, ...event } as LedgerEvent;
    const { revision, position } = await this.ledger.append(stream, [full], last?.revision ?? 'none');
    return { stream, revision, position, event: full };
  }

  configure(state: AppState = appState()): Promise<Recorded> {
    return this.append(appStream(APP), { type: 'app-changed', data: { state } });
  }

  async standingOf(contactId: string): Promise<Standing> {
    const [last] = await this.ledger.readStream(contactStream(contactId), {
      from: 'end',
      direction: 'backwards',
      limit: 1,
    });
    return last === undefined ? {} : (last.event as { data: { state: ContactState } }).data.state.standing;
  }

  /** A STOP or START to OPT_OUT_ALL; with `reply` it owes one under that message id. */
  async consent(contactId: string, direction: 'OPT_OUT' | 'OPT_IN', reply?: string): Promise<Recorded> {
    const stream = contactStream(contactId);
    const [last] = await this.ledger.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 });
    const revision = (last?.revision ?? -1) + 1;
    const id = randomUUID();
    const moved = { optedOut: direction === 'OPT_OUT', eventId: id, revision, at: at(this.clock.now()) };
    const state: ContactState = {
      standing: { OPT_OUT_ALL: moved },
      lastConsent: { eventId: id, direction },
      lastOptInReplyAt: null,
    };
    const data = {
      ...ids,
      ...{
        contactId,
        appRevision: 0,
        state,
        requestId: mid('request'),
        listType: 'OPT_OUT_ALL',
        language: 'EN',
        channel: 'SMS',
      },
      ...{ processingMode: 'CONVERSATION', origin: 'ORIGIN_MO', moved: ['OPT_OUT_ALL'], previous: null },
      reply: reply === undefined ? null : { kind: direction, messageId: mid(reply) },
      ...{ notify: true, bodyVersion: 1 },
    };
    return this.append(stream, {
      ...{ id, type: direction === 'OPT_OUT' ? 'opted-out' : 'opted-in', data },
      personal: {
        identity: IDENTITY,
        sender: '100',
        ...(reply === undefined ? {} : { replyText: 'You are out' }),
      },
    } as never);
  }

  /** An accepted send to the contact; it expires after an hour unless told otherwise. */
  async send(
    name: string,
    contactId: string,
    { contentType = 'CONTENT_UNKNOWN', expiresInMs = 3_600_000 } = {},
  ): Promise<OwedMessage> {
    const messageId = mid(name);
    await this.append(messageStream(messageId), {
      type: 'message-accepted',
      data: {
        ...{
          ...ids,
          messageId,
          kind: 'MESSAGE',
          contentType,
          recipients: [{ channel: 'SMS', contactId }],
          cause: null,
        },
        ...{
          expiresAt: at(this.clock.now() + expiresInMs),
          processingMode: 'CONVERSATION',
          overrideEndpointId: null,
        },
        ...{ requestHash: null, bodyVersion: 1 },
      },
      personal: {
        ...{ identities: [IDENTITY], sender: '', message: { text_message: { text: 'Hello' } }, metadata: '' },
        correlationId: '',
      },
    } as never);
    return { ...ids, messageId, cause: null };
  }

  async reply(name: string, contactId: string, direction: 'OPT_OUT' | 'OPT_IN'): Promise<OwedMessage> {
    const { stream, revision } = await this.consent(contactId, direction, name);
    return { ...ids, messageId: mid(name), cause: { stream, revision } };
  }

  /** A call for help of the contact, answered under that message id. */
  async help(name: string, contactId: string): Promise<OwedMessage> {
    const stream = contactStream(contactId);
    const [last] = await this.ledger.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 });
    const before = last?.event as { data: { state: ContactState } } | undefined;
    const { revision } = await this.append(stream, {
      type: 'message-received',
      data: {
        ...{ ...ids, contactId, appRevision: 0, messageId: mid('in'), provider: 'generic', matched: null },
        ...{ providerMessageId: 'p', channel: 'SMS', processingMode: 'CONVERSATION', bodyVersion: 1 },
        help: { language: 'EN', reply: { kind: 'HELP', messageId: mid(name) } },
        state: before?.data.state ?? { standing: {}, lastConsent: null, lastOptInReplyAt: null },
      },
      personal: { identity: IDENTITY, sender: '100', text: 'HELP', replyText: 'Call us' },
    } as never);
    return { ...ids, messageId: mid(name), cause: { stream, revision } };
  }

  async events(name: string): Promise<readonly MessageEvent[]> {
    const read = { from: 0, direction: 'forwards', limit: 1000 } as const;
    return (await this.ledger.readStream(messageStream(mid(name)), read)).map(
      ({ event }) => event as MessageEvent,
    );
  }

  async types(name: string): Promise<readonly string[]> {
    return (await this.events(name)).map(({ type }) => type);
  }
}
