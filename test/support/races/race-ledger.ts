import type { MessageAccepted, MessageBlocked } from '../../../domain/events/events.js';
import { decideSend } from '../../../domain/messages/enforcement.js';
import type { Standing } from '../../../domain/lists.js';
import type { AppState } from '../../../domain/settings.js';
import type { Recorded } from '../../../ledger/ledger.js';
import { appStream, contactStream } from '../../../ledger/streams.js';
import { eachEvent } from '../ledger/ledger-file.js';

// The inside checker: what the ledger itself says of each hand-over, position by position.

export interface InsideReport {
  readonly dispatched: number;
  readonly blocked: number;
  /** Redemptions that found something moved. */
  readonly stale: number;
  /** Dispatched though blocked at every position from the intent to the outcome. */
  readonly late: readonly string[];
  /** Blocked though the state that the permit names allows it. */
  readonly wronglyBlocked: readonly string[];
}

/** Reads the ledger of a stopped instance from end to end, file or server. */
export async function checkInside(dataDir: string): Promise<InsideReport> {
  const checker = createChecker();
  await eachEvent(dataDir, (recorded) => checker.take(recorded));
  return checker.report();
}

interface Intent {
  /** So far, at each position since the intent. */
  blockedThroughout: boolean;
}

/** Takes a ledger's events in their order. */
export function createChecker(): { take(recorded: Recorded): void; report(): InsideReport } {
  const accepted = new Map<string, MessageAccepted>();
  const intents = new Map<string, Intent>();
  const standings = new Map<string, Standing[]>();
  const apps = new Map<string, AppState[]>();
  const late: string[] = [];
  const wronglyBlocked: string[] = [];
  const counts = { dispatched: 0, blocked: 0, stale: 0 };

  function isBlocked(messageId: string, revisions?: MessageBlocked['data']['permit']): boolean {
    const message = accepted.get(messageId);
    if (message === undefined) throw new Error(`${messageId} was never accepted`);
    const { appId, kind, contentType, recipients } = message.data;
    const app = stateAt(apps, appStream(appId), revisions?.app.revision);
    if (app === undefined) throw new Error(`${messageId} has no app`);
    const { enabled, mode } = app.consent;
    const of = recipients.map(
      ({ contactId }, index) =>
        stateAt(standings, contactStream(contactId), revisions?.contacts[index]?.revision) ?? {},
    );
    return !decideSend({ enabled, mode, kind, contentType, standings: of }).allow;
  }

  function stateMoved(): void {
    for (const [messageId, intent] of intents) {
      if (intent.blockedThroughout && !isBlocked(messageId)) intent.blockedThroughout = false;
    }
  }

  function take({ stream, event }: Recorded): void {
    switch (event.type) {
      case 'message-received':
      case 'opted-out':
      case 'opted-in':
        push(standings, stream, event.data.state.standing);
        stateMoved();
        return;
      case 'message-accepted':
        accepted.set(event.data.messageId, event);
        return;
      case 'message-handing-over':
        intents.set(event.data.messageId, { blockedThroughout: isBlocked(event.data.messageId) });
        return;
      case 'message-not-sent':
        counts.stale += event.data.class === 'stale' ? 1 : 0;
        intents.delete(event.data.messageId);
        return;
      case 'message-failed':
        intents.delete(event.data.messageId);
        return;
      case 'message-dispatched': {
        const { messageId } = event.data;
        counts.dispatched += 1;
        if (intents.get(messageId)?.blockedThroughout !== false) late.push(messageId);
        intents.delete(messageId);
        return;
      }
      case 'message-blocked': {
        const { messageId, permit } = event.data;
        counts.blocked += 1;
        if (!isBlocked(messageId, permit)) wronglyBlocked.push(messageId);
        return;
      }
      default:
        if ('state' in event.data && 'consent' in event.data.state) {
          push(apps, stream, event.data.state);
          stateMoved();
        }
    }
  }

  return { take, report: () => ({ ...counts, late, wronglyBlocked }) };
}

/** States of a stream by revision: each event of a contact and an app carries the whole. */
function push<T>(states: Map<string, T[]>, stream: string, state: T): void {
  const known = states.get(stream);
  if (known === undefined) states.set(stream, [state]);
  else known.push(state);
}

function stateAt<T>(states: ReadonlyMap<string, T[]>, stream: string, revision?: number): T | undefined {
  const known = states.get(stream);
  return revision === undefined ? known?.at(-1) : known?.[revision];
}
