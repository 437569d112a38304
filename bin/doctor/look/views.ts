import type { LedgerInspection } from '../../../ledger/sqlite/inspect-ledger.js';
import { inspectViews, type ViewsInspection } from '../../../projections/engine/inspect-views.js';
import { fault, type Finding } from '../finding.js';
import { judgeViews, judgeWork } from '../judge/views.js';

interface LookAtViews {
  readonly file: string;
  readonly ledger: LedgerInspection;
  readonly running: boolean;
  readonly now: number;
}

export interface ViewsLook {
  readonly findings: readonly Finding[];
  readonly northAmerican: ReadonlyMap<string, number>;
}

/** The views, held against the ledger that was opened before them: they can only be further than it was then. */
export function lookAtViews({ file, ledger, running, now }: LookAtViews): ViewsLook {
  const views = tryToInspect(file);
  if (views instanceof Error) {
    const remedy =
      'run this as the user that owns the file; or stop the instance, then: optledger views rebuild';
    return {
      findings: [fault('views', `the views cannot be read: ${views.message}`, remedy)],
      northAmerican: new Map(),
    };
  }
  const state = views.state === 'readable' && isForeign(views, ledger) ? 'foreign' : views.state;
  const folded = views.state === 'readable' ? (views.checkpoint?.position ?? 0n) : 0n;
  const gap = ledger.head > folded ? Number(ledger.head - folded) : 0;
  const newestAt = ledger.last === undefined ? now : Date.parse(ledger.last.event.meta.recordedAt);
  const judged = judgeViews({ state, behind: gap, behindMs: gap === 0 ? 0 : now - newestAt, running });
  if (views.state !== 'readable' || state === 'foreign')
    return { findings: [judged], northAmerican: new Map() };
  const { parked, oldestDue, owed } = views.stats;
  const due = Object.values(oldestDue).filter((at) => at !== null);
  const work = {
    parked,
    oldestDue: due.length === 0 ? null : Math.min(...due),
    owed: owed.messages + owed.callbacks,
    running,
  };
  return { findings: [judged, ...judgeWork(work, now)], northAmerican: views.northAmerican };
}

function tryToInspect(file: string): ViewsInspection | Error {
  try {
    return inspectViews(file);
  } catch (error) {
    return error instanceof Error ? error : new Error('unknown fault');
  }
}

/** Views of another ledger, or of this one before an older copy of it was put back. */
function isForeign(
  { checkpoint }: Extract<ViewsInspection, { state: 'readable' }>,
  ledger: LedgerInspection,
): boolean {
  if (checkpoint === undefined) return false;
  return ledger.at(checkpoint.stream, checkpoint.revision)?.event.id !== checkpoint.eventId;
}
