import type { Clock } from '../../domain/clock.js';
import type { OwedCallback } from '../../domain/owed.js';
import type { Ledger } from '../../ledger/ledger.js';
import { standingResult, type CallbackHistory } from './callback-history.js';
import { parkedEvent } from './callback-outcome.js';
import { recordOutcome } from './callback-record.js';
import type { CallbackRunner } from './callback-runner.js';
import type { CallbackContent } from './callback-sources.js';
import type { AppTargets } from './callback-targets.js';
import type { CallbackResult } from './callback-types.js';
import type { EndpointGate } from './endpoint-limits.js';

export interface ItemDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly runner: CallbackRunner;
}

/** How one item is read; a batch shares its readings. */
export interface ItemReads {
  history(item: OwedCallback): Promise<CallbackHistory>;
  targets(item: OwedCallback): Promise<AppTargets>;
  content(item: OwedCallback): Promise<CallbackContent>;
}

/**
 * Posts one callback whose turn it is, if the ledger still wants it; gives the place at the gate back.
 * @param withdrawn asked last: true means that nobody is waiting for this any longer, so nothing is begun
 * @throws CallbackFault, and what the ledger throws
 */
export async function postItem(
  { ledger, clock, runner }: ItemDeps,
  {
    item,
    gate,
    reads,
  }: { readonly item: OwedCallback; readonly gate: EndpointGate; readonly reads: ItemReads },
  withdrawn: () => boolean,
): Promise<CallbackResult> {
  let holding = true;
  try {
    const history = await reads.history(item);
    const standing = standingResult(item.callbackId, history, clock.now());
    if (standing !== null) return standing;
    const targets = await reads.targets(item);
    const content = await reads.content(item);
    if (withdrawn()) {
      const state = gate.timedOut() || runner.stopping ? 'skipped' : 'late';
      return { callbackId: item.callbackId, state, attempts: history.attempts };
    }
    const target = targets.find(item.endpointId, content.callbackUrl);
    if (target.kind === 'park') {
      const nowMs = clock.now();
      return await recordOutcome({ ledger, clock }, item, history, (known) =>
        parkedEvent(item, content, target.reason, { history: known, nowMs }),
      );
    }
    holding = false;
    return await runner.start({ item, content, target, history }, gate);
  } finally {
    if (holding) gate.end(null, clock.now());
  }
}
