import type {
  Actor,
  CallbackData,
  KeywordMatch,
  LedgerEvent,
  Permit,
  ReplyCause,
} from '../../../domain/events/events.js';
import { dueEndpointIds, triggersOf } from '../../../domain/callbacks/due-callbacks.js';
import type { Endpoint } from '../../../domain/settings.js';
import { callbackId, deriveId, ulidOf } from '../../../ledger/event-ids.js';
import type { EndedContact } from './contact.js';

/** The app that everything happens in. */
export interface EndedApp {
  readonly projectId: string;
  readonly appId: string;
  /** Of the app's stream. */
  readonly revision: number;
  readonly endpoints: readonly Endpoint[];
}

/** What goes into one stream at once. */
export interface Step {
  readonly stream: string;
  readonly expected: number | 'none';
  readonly events: readonly LedgerEvent[];
}

const VERSION = 1 as const;
const bodyVersion = 1 as const;
const PHONE = '12025550100';

/** Everything that one person caused, with every message and callback at its end. */
export class Story {
  readonly steps: Step[] = [];
  readonly #app: EndedApp;
  readonly #name: string;
  readonly #at: string;
  #events = 0;

  /** @param at RFC 3339, when all of it is said to have happened */
  constructor(app: EndedApp, name: string, at: string) {
    [this.#app, this.#name, this.#at] = [app, name, at];
  }

  /** A STOP with its confirmation, or a START. */
  consent(contact: EndedContact): this {
    const direction = contact.isOut ? ('OPT_IN' as const) : ('OPT_OUT' as const);
    const text = contact.isOut ? 'START' : 'STOP';
    const id = this.#id(direction);
    const reply =
      direction === 'OPT_OUT' ? { kind: direction, messageId: ulidOf(deriveId('reply', id)) } : null;
    const change = contact.change(direction, id, this.#at);
    const head = contact.head;
    const personal = { identity: contact.identity, sender: PHONE };
    const match = { listType: 'OPT_OUT_ALL', language: 'EN' } as const;
    const received = this.#received(contact, text, { ...match, direction });
    const changed: LedgerEvent = {
      ...this.#base(id, { type: 'contact' }),
      type: direction === 'OPT_OUT' ? 'opted-out' : 'opted-in',
      data: {
        ...this.#contactData(contact),
        ...{
          requestId: ulidOf(deriveId('request', id)),
          ...match,
          origin: 'ORIGIN_MO',
          moved: ['OPT_OUT_ALL'],
        },
        ...{ previous: change.previous, reply, notify: true },
      },
      personal: { ...personal, ...(reply && { replyText: 'You will get no more messages.' }) },
    };
    this.#append(contact.stream, head - 2, received, changed);
    if (reply === null) return this;
    const cause = { stream: contact.stream, revision: head, eventId: id, at: this.#at };
    return this.#message(contact, reply.messageId, { ...cause, kind: 'OPT_OUT', listType: 'OPT_OUT_ALL' });
  }

  /** A message that came in and means nothing. */
  chat(contact: EndedContact): this {
    contact.said();
    this.#append(contact.stream, contact.head - 1, this.#received(contact, `hello ${this.#name} é`, null));
    return this;
  }

  /** A message that was sent and delivered. */
  send(contact: EndedContact): this {
    return this.#message(contact, ulidOf(this.#id('message')), null);
  }

  #message(contact: EndedContact, messageId: string, cause: ReplyCause | null): this {
    const { projectId, appId, revision } = this.#app;
    const of = { projectId, appId, messageId };
    const stream = `message-${messageId}`;
    const permit: Permit = {
      app: { stream: `app-${appId}`, revision },
      contacts: [{ stream: contact.stream, revision: contact.head }],
    };
    const made = (type: string) => this.#base(this.#id(`${messageId} ${type}`));
    const recipients = [{ channel: 'SMS', contactId: contact.contactId }];
    const settled = { contentType: 'CONTENT_NOTIFICATION', processingMode: 'DISPATCH', bodyVersion } as const;
    this.#append(stream, -1, {
      ...made('accepted'),
      type: 'message-accepted',
      data: {
        ...{ ...of, kind: cause === null ? 'MESSAGE' : 'REPLY', recipients, cause, expiresAt: this.#at },
        ...{ ...settled, overrideEndpointId: null, requestHash: null },
      },
      personal: {
        ...{ identities: [contact.identity], sender: PHONE, metadata: '', correlationId: '' },
        message: { text_message: { text: `Your order ${this.#name} is on its way.` } },
      },
    });
    const handing = { ...of, attempt: 1, permit, channelType: 'simulator' };
    this.#append(stream, 0, { ...made('handing'), type: 'message-handing-over', data: handing });
    const dispatched = { ...of, attempt: 1, recipientIndex: 0, handedOverAt: this.#at, bodyVersion };
    this.#append(stream, 1, { ...made('dispatched'), type: 'message-dispatched', data: dispatched });
    const reported = { ...of, status: 'DELIVERED', reason: null, bodyVersion } as const;
    this.#append(stream, 2, { ...made('reported'), type: 'message-reported', data: reported });
    return this;
  }

  #received(contact: EndedContact, text: string, matched: KeywordMatch | null): LedgerEvent {
    const id = this.#id('received');
    return {
      ...this.#base(id, { type: 'contact' }),
      type: 'message-received',
      data: {
        ...this.#contactData(contact),
        ...{
          messageId: ulidOf(deriveId('inbound', id)),
          provider: 'generic',
          providerMessageId: this.#name,
          matched,
        },
      },
      personal: { identity: contact.identity, sender: PHONE, text },
    };
  }

  #contactData({ contactId, state }: EndedContact) {
    const { projectId, appId, revision: appRevision } = this.#app;
    const where = { channel: 'SMS', processingMode: 'DISPATCH', bodyVersion } as const;
    return { projectId, appId, contactId, appRevision, state, ...where };
  }

  /** Appends, and ends the callbacks that are due by it: most at once, some at their second try. */
  #append(stream: string, head: number, ...events: readonly LedgerEvent[]): void {
    this.steps.push({ stream, expected: head < 0 ? 'none' : head, events });
    for (const event of events) {
      for (const trigger of triggersOf(event)) {
        for (const endpointId of dueEndpointIds(trigger, this.#app.endpoints, null)) {
          const { projectId, appId } = this.#app;
          const id = callbackId(event.id, trigger, endpointId);
          const data = { projectId, appId, callbackId: id, endpointId, trigger, eventId: event.id };
          this.#deliver(`callback-${id}`, data);
        }
      }
    }
  }

  #deliver(stream: string, data: CallbackData): void {
    const again = (this.#events += 1) % 7 === 0;
    const failed = { attempt: 1, class: 'transient', status: 503, fault: null, durationMs: 31 } as const;
    const due = { nextAttemptAt: this.#at, retryAfterMs: null };
    if (again) {
      const event = this.#base(this.#id(`${stream} 1`));
      const attempted = { ...data, ...failed, ...due };
      this.steps.push({
        ...{ stream, expected: 'none' },
        events: [{ ...event, type: 'callback-attempted', data: attempted }],
      });
    }
    const attempt = again ? 2 : 1;
    const delivered = {
      ...data,
      attempt,
      class: 'delivered',
      status: 200,
      fault: null,
      durationMs: 12,
    } as const;
    this.steps.push({
      ...{ stream, expected: again ? 0 : 'none' },
      events: [{ ...this.#base(this.#id(`${stream} 2`)), type: 'callback-delivered', data: delivered }],
    });
  }

  #id(name: string): string {
    return deriveId('ended', this.#name, name);
  }

  #base(id: string, actor: Actor = { type: 'system' }) {
    return { id, version: VERSION, meta: { recordedAt: this.#at, occurredAt: this.#at, actor } };
  }
}
