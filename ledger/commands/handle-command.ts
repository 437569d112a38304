import type { Clock } from '../../domain/clock.js';
import type { LedgerEvent } from '../../domain/events/events.js';
import { appendClearly } from '../append-clearly.js';
import { RevisionConflict, TooManyConflicts } from '../errors.js';
import type { Appended, Ledger, Recorded } from '../ledger.js';
import { nextRecordedAt } from '../recorded-at.js';
import { inTurn } from '../stream-turns.js';

/** So many tries follow the first one. */
const REPEATS = 5;

/** What a decision may rest on. */
export interface Basis {
  /** The stream's last event, which carries the whole state of a contact or an app; undefined: no event yet. */
  readonly last: Recorded | undefined;
  /** Revision that the first decided event will have. */
  readonly nextRevision: number;
  /** RFC 3339; `recordedAt` for every decided event: the clock's time, never before the last event. */
  readonly recordedAt: string;
}

export interface Command {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly stream: string;
  /**
   * Decides on what was read; none = nothing to do. Called again after a conflict, with what stands then, so
   * ids are made before and only used here. May read other streams, but not run a command on this one, which
   * would wait for itself. What it throws reaches the caller.
   */
  readonly decide: (basis: Basis) => Promise<readonly LedgerEvent[]> | readonly LedgerEvent[];
}

/** What became of a command. */
export interface Handled {
  /** What the last decision rested on. */
  readonly basis: Basis;
  /** What was decided; with `appended.duplicate` the ledger holds an earlier decision instead. */
  readonly events: readonly LedgerEvent[];
  /** Null when nothing was to be appended. */
  readonly appended: Appended | null;
}

/**
 * Carries a command out on a stream that may have events: reads the last one, decides, appends at the revision read; on
 * a conflict again. Commands that begin a stream append to it directly (`acceptMessage`, `recordConsentsOnce`), and
 * activities append the outcomes of their attempts.
 * Commands on one stream of one ledger take turns within the process, so only other writers cause conflicts.
 * @throws TooManyConflicts after 5 repeats; AppendUnclear, LedgerUnavailable, InvalidEvent from the ledger
 */
export function handleCommand(command: Command): Promise<Handled> {
  return inTurn(command.ledger, command.stream, () => decideAndAppend(command));
}

async function decideAndAppend(command: Command): Promise<Handled> {
  const { ledger, clock, stream } = command;
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const [last] = await ledger.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 });
    const basis: Basis = {
      last,
      nextRevision: last === undefined ? 0 : last.revision + 1,
      recordedAt: nextRecordedAt(clock, last),
    };
    const events = await command.decide(basis);
    if (events.length === 0) return { basis, events, appended: null };
    try {
      const appended = await appendClearly({ ledger, clock }, stream, events, last?.revision ?? 'none');
      return { basis, events, appended };
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
  throw new TooManyConflicts(`${stream}: other writers were faster ${String(REPEATS + 1)} times`);
}
