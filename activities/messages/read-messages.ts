import { takesChannel } from '../../channels/app-channels.js';
import type { Clock } from '../../domain/clock.js';
import type { OwedMessage } from '../../domain/owed.js';
import type { AppState } from '../../domain/settings.js';
import type { Ledger } from '../../ledger/ledger.js';
import { appStateOf } from '../../ledger/reads/app-reads.js';
import { appStream, contactStream } from '../../ledger/streams.js';
import {
  heldStopsOf,
  lastEventReader,
  revisionOf,
  rulesOf,
  standingOf,
  type ChannelFor,
  type ReadLast,
} from './decision-facts.js';
import { faultCode } from '../fault-code.js';
import type { AppFacts, MessageFacts, OpenMessage, ReadMessages } from './hand-over-types.js';
import { MessageUnreadable, readMessageStream, type MessageReading } from './message-reading.js';

export interface ReadMessagesDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly channelFor: ChannelFor;
}

/**
 * Reads what the decisions over these messages rest on, from the ledger and never from a view. One message that
 * cannot be read comes back as `faulted`; nothing is thrown for it.
 */
export async function readMessages(
  deps: ReadMessagesDeps,
  items: readonly OwedMessage[],
): Promise<ReadMessages> {
  const readLast = lastEventReader(deps.ledger);
  const apps = new Map<string, Promise<AppAsRead>>();
  const appOf = (appId: string): Promise<AppAsRead> => {
    const known = apps.get(appId) ?? readApp(deps.channelFor, readLast, appId);
    apps.set(appId, known);
    return known;
  };
  const messages = await Promise.all(
    items.map(async (item): Promise<MessageFacts> => {
      try {
        const { app } = await appOf(item.appId);
        return await readOne(deps.ledger, readLast, app, item);
      } catch (error) {
        return { status: 'faulted', item, code: faultCode(error) };
      }
    }),
  );
  const readable = await Promise.allSettled(
    [...apps].map(async ([id, read]) => [id, (await read).facts] as const),
  );
  return {
    now: deps.clock.now(),
    apps: Object.fromEntries(readable.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))),
    messages,
  };
}

interface AppAsRead {
  readonly app: AppState;
  readonly facts: AppFacts;
}

async function readApp(channelFor: ChannelFor, readLast: ReadLast, appId: string): Promise<AppAsRead> {
  const stream = appStream(appId);
  const last = await readLast(stream);
  const app = appStateOf(last);
  if (app === undefined) throw new MessageUnreadable(`${stream} holds no app`);
  const channel = channelFor(app);
  const facts = {
    at: { stream, revision: revisionOf(last) },
    rules: rulesOf(app, channel !== undefined),
    notifyOptOut: app.consent.mode === 'PRIMARY' && app.consent.callbackOnBlock,
    idempotent: channel?.idempotent ?? false,
  };
  return { app, facts };
}

async function readOne(
  ledger: Ledger,
  readLast: ReadLast,
  app: AppState,
  item: OwedMessage,
): Promise<MessageFacts> {
  const reading = await readMessageStream(ledger, item);
  const { state } = reading.progress;
  if (state === 'blocked' || state === 'dispatched' || state === 'failed')
    return { status: 'ended', item, as: state };
  const { kind, contentType, expiresAt, cause, recipients } = reading.accepted.data;
  const contacts = recipients.map(async ({ contactId }) => {
    const stream = contactStream(contactId);
    const last = await readLast(stream);
    const held = heldStopsOf(last);
    return {
      at: { stream, revision: revisionOf(last) },
      standing: standingOf(last),
      ...(held.length === 0 ? {} : { heldStops: held }),
    };
  });
  return {
    status: 'open',
    item,
    ...openState(reading),
    ...{ kind, contentType, expiresAt, cause },
    contacts: await Promise.all(contacts),
    // A reply goes back the way that the person came, whatever the app lists.
    channelMissing: kind === 'MESSAGE' && !takesChannel(app, recipients[0]?.channel),
  };
}

type OpenState = Pick<
  OpenMessage,
  'revision' | 'phase' | 'attempt' | 'retryAt' | 'handingOverSince' | 'unresolved'
>;

function openState({ progress, unresolved }: MessageReading): OpenState {
  const { state, revision, attempt, retryAt, handingOverSince } = progress;
  const phase = state === 'handing-over' || state === 'waiting' ? state : 'new';
  return { revision, phase, attempt, retryAt, handingOverSince, unresolved };
}
