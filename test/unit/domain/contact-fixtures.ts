import type {
  ContactContext,
  ConsentChangeCommand,
  InboundCommand,
} from '../../../domain/consent/consent.js';
import { EMPTY_CONTACT } from '../../../domain/consent/consent.js';
import type { ContactEvent, OptedIn, OptedOut } from '../../../domain/events/events.js';
import type { ConsentSettings } from '../../../domain/settings.js';
import { SAMPLE_APP } from './app-sample.js';
import { sampleUlid, sampleUuid } from './event-samples.js';

export const NOON = Date.parse('2026-01-02T12:00:00.000Z');

/** RFC 3339, `seconds` after noon. */
export function at(seconds: number): string {
  return new Date(NOON + seconds * 1000).toISOString();
}

/** An inbound text; its ids derive from `n`. */
export function inbound(n: number, text: string | undefined): InboundCommand {
  return {
    receivedEventId: sampleUuid(10 * n),
    consentEventId: sampleUuid(10 * n + 1),
    messageId: sampleUlid(10 * n),
    requestId: sampleUlid(10 * n + 1),
    replyMessageId: sampleUlid(10 * n + 2),
    contactId: 'c'.repeat(32),
    provider: 'generic',
    providerMessageId: `gw-${String(n)}`,
    channel: 'SMS',
    identity: '46700000001',
    sender: '46700000002',
    ...(text === undefined ? {} : { text }),
  };
}

/** A change by API; its ids derive from `n`. */
export function byApi(
  n: number,
  change: Pick<ConsentChangeCommand, 'listType' | 'direction' | 'evidence'>,
): ConsentChangeCommand {
  return {
    ...change,
    eventId: sampleUuid(10 * n),
    requestId: sampleUlid(10 * n),
    contactId: 'c'.repeat(32),
    channel: 'SMS',
    identity: '46700000001',
    actor: { type: 'access-key', id: 'key-1' },
  };
}

/** Deciding for a new contact at noon under the default settings, apart from what is given. */
export function context(
  given: Partial<Omit<ContactContext, 'app'>> & { readonly consent?: Partial<ConsentSettings> } = {},
): ContactContext {
  const { consent, ...rest } = given;
  const own = { keywords: [], replies: [], help: [], ...consent };
  return {
    state: EMPTY_CONTACT,
    nextRevision: 0,
    recordedAt: at(0),
    appRevision: 3,
    app: { ...SAMPLE_APP, consent: { ...SAMPLE_APP.consent, ...own } },
    ...rest,
  };
}

/** The consent event of a decision; fails where there is none. */
export function consentOf(events: readonly ContactEvent[]): OptedOut | OptedIn {
  const last = events.at(-1);
  if (last === undefined || last.type === 'message-received') throw new Error('no consent event was decided');
  return last;
}
