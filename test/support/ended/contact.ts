import type { ContactState } from '../../../domain/events/events.js';
import type { Direction } from '../../../domain/lists.js';

/** A person who writes now and then, as the ledger would have it. */
export class EndedContact {
  readonly identity: string;
  readonly contactId: string;
  state: ContactState = { standing: {}, lastConsent: null, lastOptInReplyAt: null };
  /** Revision of the last event in the contact's stream; -1 before the first. */
  head = -1;

  constructor(identity: string, contactId: string) {
    [this.identity, this.contactId] = [identity, contactId];
  }

  get stream(): string {
    return `contact-${this.contactId}`;
  }

  get isOut(): boolean {
    return this.state.standing.OPT_OUT_ALL?.optedOut === true;
  }

  said(): void {
    this.head += 1;
  }

  /** Two more events: what came in, and the change by it. */
  change(
    direction: Direction,
    eventId: string,
    at: string,
  ): { readonly previous: ContactState['lastConsent'] } {
    const previous = this.state.lastConsent;
    this.head += 2;
    const moved = { optedOut: direction === 'OPT_OUT', eventId, revision: this.head, at };
    this.state = {
      ...{ standing: { OPT_OUT_ALL: moved }, lastConsent: { eventId, direction } },
      lastOptInReplyAt: this.state.lastOptInReplyAt,
    };
    return { previous };
  }
}
