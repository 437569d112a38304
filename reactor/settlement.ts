import type { Clock } from '../domain/clock.js';
import { idOf, KIND_OF_LANE, type Lane } from '../domain/owed.js';
import type { Batch } from './slots.js';
import type { Parties } from './parties.js';
import type { BatchEnd, OwedReader } from './ports.js';
import { partyOf } from './select.js';
import type { UnderWay } from './under-way.js';

/** Takes from what is under way that of which the views know, and learns from it how each party fares. */
export interface Settlement {
  /** True while the views do not tell yet of something that a batch had. */
  readonly isWaiting: boolean;
  /** Looks in the views: for what ended batches had, or for everything. */
  look(all: boolean): void;
  /** What a batch says of its items. @returns how many it gave back */
  batchEnded(batch: Batch, end: BatchEnd): number;
}

interface SettlementDeps {
  readonly lane: Lane;
  readonly owed: Pick<OwedReader, 'progress'>;
  readonly clock: Clock;
  readonly underWay: UnderWay;
  readonly parties: Parties;
}

export function createSettlement({ lane, owed, clock, underWay, parties }: SettlementDeps): Settlement {
  const kind = KIND_OF_LANE[lane];
  const ofEnded = new Set<string>();

  function settle(id: string): void {
    const progress = owed.progress(kind, id);
    if (progress !== 'ended' && progress !== 'tried') return;
    ofEnded.delete(id);
    const party = underWay.leave(id);
    if (party === undefined) return;
    if (progress === 'ended') parties.worked(party);
    else parties.failed(party, clock.now());
  }

  return {
    get isWaiting() {
      return ofEnded.size > 0;
    },
    look(all) {
      for (const id of [...(all ? underWay.ids() : ofEnded)]) settle(id);
    },
    batchEnded({ items }, { untried }) {
      const now = clock.now();
      const back = new Set(untried);
      for (const item of items) {
        const id = idOf(item);
        if (back.has(id)) underWay.giveBack(id);
        else underWay.outlive(id, now, untried === null);
        if (underWay.has(id)) ofEnded.add(id);
      }
      for (const [party, its] of Map.groupBy(items, partyOf)) {
        const begun = its.filter((item) => !back.has(idOf(item))).length;
        if (begun < its.length) parties.gaveBack(party, begun, now);
      }
      return back.size;
    },
  };
}
