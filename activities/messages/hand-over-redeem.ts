import type { HandOverOutcome, PreparedHandOver } from '../../channels/channel.js';
import type { Clock } from '../../domain/clock.js';
import type { MessageAccepted, Permit } from '../../domain/events/events.js';
import { judgeMessage } from '../../domain/messages/message-verdict.js';
import type { AppState } from '../../domain/settings.js';
import type { Recorded } from '../../ledger/ledger.js';
import { appStateOf } from '../../ledger/reads/app-reads.js';
import { heldStopsOf, rulesOf, standingOf, type ReadLast } from './decision-facts.js';

/** A read that took longer says too little about the moment in which the call would begin. */
const FRESH_MS = 250;
const READS = 5;

export interface RedeemDeps {
  readonly clock: Clock;
  /** Injected so that a test can plant a cache here and see what it does. */
  readonly readLast: ReadLast;
}

export interface Redeemable {
  readonly permit: Permit;
  readonly accepted: MessageAccepted;
  /** The app as it stood when the hand-over was prepared. */
  readonly app: AppState;
  readonly prepared: PreparedHandOver;
}

/**
 * Reads every stream of the permit once more, at the last moment, and begins the call where the answer is still yes.
 *
 * Read and begin are one synchronous step. Reads of SQLite resolve in microtasks and its commits come in macrotasks,
 * so no opt-out can be acknowledged after the read and before the call. Nothing may be awaited in between.
 * @returns the running call (wrapped, so that awaiting this does not await the call), or null: decide anew
 */
export async function redeemAndBegin(
  deps: RedeemDeps,
  redeemable: Redeemable,
): Promise<{ readonly call: Promise<HandOverOutcome> } | null> {
  const { app, contacts } = redeemable.permit;
  for (let read = 1; read <= READS; read++) {
    const sent = deps.clock.now();
    const [appNow, ...contactsNow] = await Promise.all(
      [app, ...contacts].map(({ stream }) => deps.readLast(stream)),
    );
    const now = deps.clock.now();
    if (now - sent > FRESH_MS) continue;
    if (!stillAllowed(redeemable, appNow, contactsNow, now)) return null;
    return { call: redeemable.prepared.begin() };
  }
  return null;
}

/**
 * Asks the same question as the workflow did, of what stands now. It is asked even where no revision moved: a reply or a
 * time to live may have run out while the hand-over waited for its slot.
 */
function stillAllowed(
  { accepted, app: before }: Redeemable,
  appNow: Recorded | undefined,
  contactsNow: readonly (Recorded | undefined)[],
  now: number,
): boolean {
  const app = appStateOf(appNow);
  if (app === undefined) return false;
  // The hand-over was prepared for another gateway, or with another secret.
  if (JSON.stringify(app.channel) !== JSON.stringify(before.channel)) return false;
  const { kind, contentType, expiresAt, cause } = accepted.data;
  const rules = rulesOf(app, true);
  const standings = contactsNow.map(standingOf);
  const heldStops = contactsNow.flatMap(heldStopsOf);
  const question = { kind, contentType, expiresAt, cause, rules, standings, heldStops, now };
  return judgeMessage(question).verdict === 'hand-over';
}
