import type { HeldStop } from '../../domain/events/events.js';
import type { Standing } from '../../domain/lists.js';
import type { MessageRules } from '../../domain/messages/message-verdict.js';
import type { AppState } from '../../domain/settings.js';
import type { Channel } from '../../channels/channel.js';
import { contactStateOf } from '../../ledger/reads/contact-reads.js';
import type { Ledger, Recorded } from '../../ledger/ledger.js';

/** Finds the channel of an app; undefined where nothing can hand its messages over. */
export type ChannelFor = (app: AppState) => Channel | undefined;

/** Reads a stream's last event, which carries the whole state of an app or a contact; undefined where there is none yet. */
export type ReadLast = (stream: string) => Promise<Recorded | undefined>;

/** Makes a reader that asks the ledger itself, each time: what a hand-over rests on is never kept. */
export function lastEventReader(ledger: Pick<Ledger, 'readStream'>): ReadLast {
  return async (stream) => {
    const [last] = await ledger.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 });
    return last;
  };
}

/** Takes the standing of a contact from its last event; nobody is on a list before the first. */
export function standingOf(last: Recorded | undefined): Standing {
  return contactStateOf(last).standing;
}

/** Takes the suspected stops of a contact that nobody has decided. */
export function heldStopsOf(last: Recorded | undefined): readonly HeldStop[] {
  return contactStateOf(last).heldStops ?? [];
}

/** Takes from an app's state what decides over its messages. */
export function rulesOf(app: AppState, hasChannel: boolean): MessageRules {
  const { enabled, mode, startClearsAll } = app.consent;
  return { deleted: app.deleted, enabled, mode, startClearsAll, hasChannel };
}

/** Gives the revision of a stream's last event, -1 for none. */
export function revisionOf(last: Recorded | undefined): number {
  return last?.revision ?? -1;
}
