import { fault, ok, span, warning, type Finding } from '../finding.js';

/** What the views are, beside the ledger that they are folded from. */
export interface ViewsSeen {
  readonly state: 'absent' | 'unreadable' | 'other-schema' | 'foreign' | 'readable';
  /** How many positions the ledger is ahead. */
  readonly behind: number;
  /** How long the newest event that is not folded has stood there, ms. */
  readonly behindMs: number;
  readonly running: boolean;
}

const check = 'views';
const REBUILD = 'stop the instance, then: optledger views rebuild';
/** Folding takes less than this while an instance runs. */
const PATIENCE_MS = 10_000;

export function judgeViews({ state, behind, behindMs, running }: ViewsSeen): Finding {
  switch (state) {
    case 'absent':
      return running
        ? fault(
            check,
            'views.db is gone below a running instance',
            'restart the instance: it folds the ledger anew',
          )
        : ok(check, 'no views yet; the next start folds them from the ledger');
    case 'unreadable':
      return fault(check, 'views.db is damaged', `${REBUILD}   (nothing is lost: the ledger has it all)`);
    case 'other-schema':
      return warning(
        check,
        'views.db was written by another release',
        `the next start folds it anew; or ${REBUILD}`,
      );
    case 'foreign':
      return fault(check, 'views.db belongs to another ledger, or to a newer copy of this one', REBUILD);
    case 'readable':
      if (behind === 0) return ok(check, 'the views have folded the whole ledger');
      if (running && behindMs > PATIENCE_MS) {
        return fault(
          check,
          `the views stand still ${String(behind)} positions behind the ledger`,
          `its log names the event; ${REBUILD}`,
        );
      }
      return ok(
        check,
        `the views are ${String(behind)} positions behind; ${running ? 'they are being folded' : 'the next start folds them'}`,
      );
  }
}

/** What waits, counted in the views. */
export interface WorkSeen {
  readonly parked: number;
  /** When the item that waits longest fell due, ms since the epoch; null when nothing is owed. */
  readonly oldestDue: number | null;
  readonly owed: number;
  readonly running: boolean;
}

const TOO_OLD_MS = 5 * 60_000;

export function judgeWork({ parked, oldestDue, owed, running }: WorkSeen, now: number): Finding[] {
  const age = oldestDue === null ? 0 : now - oldestDue;
  return [
    parked === 0
      ? ok('callbacks', 'no callback is parked')
      : warning(
          'callbacks',
          `${String(parked)} callbacks were given up on and are parked`,
          'optledger callbacks list --state parked names them, callbacks show <id> what the receiver answered; ' +
            'once it is well, optledger callbacks retry <id> tries one now',
        ),
    age <= TOO_OLD_MS
      ? ok('owed', owed === 0 ? 'nothing is owed' : `${String(owed)} messages and callbacks are on their way`)
      : (running ? fault : warning)(
          'owed',
          `${String(owed)} messages and callbacks are owed, the oldest for ${span(age)}`,
          running
            ? 'see whether Temporal and the reactor run (`instance` above, GET /health/ready) and what the log says'
            : 'optledger start: they go on then',
        ),
  ];
}
