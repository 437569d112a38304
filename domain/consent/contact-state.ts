import type { ConsentChangeData, ContactState, ContactStreamEvent, SuspectedStop } from '../events/events.js';
import type { Direction, ListType, Standing } from '../lists.js';
import { heldAfterConsent, heldAfterMessage, withoutHeld } from './held-stops.js';
import { isOwn, withOwnOptOut } from './own-opt-outs.js';

/** A contact that nothing was ever recorded about. */
export const EMPTY_CONTACT: ContactState = {
  standing: {},
  ownOptOuts: {},
  lastConsent: null,
  lastOptInReplyAt: null,
};

/** What a consent event says, apart from the state that it leads to. */
interface ConsentFact {
  readonly eventId: string;
  readonly revision: number;
  readonly recordedAt: string;
  readonly direction: Direction;
  readonly listType: ListType;
  readonly origin: ConsentChangeData['origin'];
  /** When it was said, RFC 3339 UTC with ms, as far as is known. */
  readonly occurredAt: string;
  /** When the person said so, RFC 3339; undefined where nothing was shown. */
  readonly obtainedAt: string | undefined;
  readonly moved: ConsentChangeData['moved'];
  readonly reply: ConsentChangeData['reply'];
}

/** Makes the state after a consent event. */
export function applyConsent(state: ContactState, fact: ConsentFact): ContactState {
  const { eventId, revision, recordedAt, direction } = fact;
  const standing: Standing = fact.moved.reduce<Standing>(
    (before, listType) => ({
      ...before,
      [listType]: { optedOut: direction === 'OPT_OUT', eventId, revision, at: recordedAt },
    }),
    state.standing,
  );
  const own = { eventId, revision, at: fact.occurredAt };
  return {
    standing,
    ownOptOuts: withOwnOptOut(state, fact.listType, isOwn(fact) ? own : null),
    lastConsent: { eventId, direction },
    lastOptInReplyAt: fact.reply?.kind === 'OPT_IN' ? recordedAt : state.lastOptInReplyAt,
    ...heldAfterConsent(state, fact.origin),
  };
}

/** What an inbound message says that may change a contact. */
interface MessageFact {
  readonly eventId: string;
  readonly recordedAt: string;
  readonly suspected?: SuspectedStop;
}

/** Makes the state after an inbound message: a suspected stop may hold marketing, and everything else stays. */
export function applyMessage(
  state: ContactState,
  { eventId, recordedAt, suspected }: MessageFact,
): ContactState {
  if (suspected?.treatment !== 'hold') return state;
  return heldAfterMessage(state, { eventId, listType: suspected.listType, since: recordedAt });
}

/** Folds one event at its revision, from what happened and not from the state that it carries. */
export function evolveContact(
  state: ContactState,
  recorded: { readonly revision: number; readonly event: ContactStreamEvent },
): ContactState {
  const { event, revision } = recorded;
  switch (event.type) {
    case 'message-received':
      return applyMessage(state, { eventId: event.id, recordedAt: event.meta.recordedAt, ...event.data });
    case 'suspicion-decided':
      return withoutHeld(state, event.data.suspicionId);
    case 'opted-out':
    case 'opted-in':
      return applyConsent(state, {
        eventId: event.id,
        revision,
        recordedAt: event.meta.recordedAt,
        occurredAt: event.meta.occurredAt,
        direction: event.type === 'opted-out' ? 'OPT_OUT' : 'OPT_IN',
        listType: event.data.listType,
        origin: event.data.origin,
        obtainedAt: event.data.evidence?.obtainedAt,
        moved: event.data.moved,
        reply: event.data.reply,
      });
  }
}
