import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';
import type { MessageEvent, ReportStatus } from '../../domain/events/events.js';
import { appendClearly } from '../../ledger/append-clearly.js';
import { AppendUnclear, LedgerUnavailable, RevisionConflict } from '../../ledger/errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { recordedAtAfter } from '../../ledger/recorded-at.js';
import type { Intent } from './hand-over-events.js';

/** Losing a known outcome would end the message as timed out, so a ledger that cannot answer is asked again. */
const PAUSES_MS = [100, 400, 1_500];

/**
 * What became of an outcome that was to be recorded. `dispatched` means that a receipt says that the message arrived, which
 * outweighs any outcome but taken; `left` means that somebody else recorded what became of the intent.
 */
export type Recording = 'recorded' | 'dispatched' | 'left';

export interface Outcome {
  /** True when the channel took the message: a receipt does not make that superfluous. */
  readonly taken: boolean;
  /** Makes the events, given their `recordedAt`. */
  build(recordedAt: string): readonly MessageEvent[];
}

/**
 * Appends the outcome of a hand-over right after its intent, or after the receipts that came in between.
 * @throws AppendUnclear, LedgerUnavailable when the ledger stays silent
 */
export async function recordHandOverOutcome(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  intent: Pick<Intent, 'stream' | 'revision' | 'recordedAt'>,
  outcome: Outcome,
): Promise<Recording> {
  for (let silent = 0; ; silent++) {
    try {
      return await appendAfter(deps, intent, outcome);
    } catch (error) {
      const wait = PAUSES_MS[silent];
      const mayAnswer = error instanceof AppendUnclear || error instanceof LedgerUnavailable;
      if (!mayAnswer || wait === undefined) throw error;
      await pause(wait);
    }
  }
}

async function appendAfter(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  intent: Pick<Intent, 'stream' | 'revision' | 'recordedAt'>,
  outcome: Outcome,
): Promise<Recording> {
  const { ledger, clock } = deps;
  let { revision, recordedAt } = intent;
  const known = new Set<ReportStatus>();
  for (;;) {
    // What a receipt has told already is not told again by the channel's own answer.
    const events = outcome
      .build(recordedAtAfter(recordedAt, clock.now()))
      .filter((event) => event.type !== 'message-reported' || !known.has(event.data.status));
    try {
      await appendClearly(deps, intent.stream, events, revision);
      return 'recorded';
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
    }
    const between = await ledger.readStream(intent.stream, {
      from: revision + 1,
      direction: 'forwards',
      limit: 1000,
    });
    for (const { event } of between) {
      if (event.type !== 'message-reported') return 'left';
      known.add(event.data.status);
    }
    if (!outcome.taken && (known.has('DELIVERED') || known.has('READ'))) return 'dispatched';
    const last = between.at(-1);
    if (last !== undefined) {
      revision = last.revision;
      recordedAt = last.event.meta.recordedAt;
    }
  }
}
