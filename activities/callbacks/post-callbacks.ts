import type { OwedCallback } from '../../domain/owed.js';
import { NO_HISTORY, readHistory } from './callback-history.js';
import { postItem, type ItemDeps, type ItemReads } from './callback-item.js';
import type { CallbackOrder } from './callback-order.js';
import { readContents } from './callback-sources.js';
import type { AppTargets } from './callback-targets.js';
import { asCallbackFault, CallbackFault, type CallbackResult } from './callback-types.js';
import { BEGINS, createProgress, LAST_ONES } from '../batch-progress.js';
import type { EndpointGate } from './endpoint-limits.js';

export interface BatchDeps extends ItemDeps {
  readonly order: CallbackOrder;
  readonly limits: { of(endpointId: string): EndpointGate };
  readonly readTargets: (appId: string) => Promise<AppTargets>;
}

export interface BatchOptions {
  /** Aborted: what is not begun comes back as such, and the batch returns. */
  readonly signal?: AbortSignal | undefined;
  /** True: earlier requests may stand in the ledger, so it is asked first. */
  readonly lookUp?: boolean;
}

/**
 * Posts first tries, at most 200, all at once but those to one endpoint about one contact or message in their order.
 * Never rejects: a result per item, in the items' order. Goes on for as long as items end (see `BEGINS`); requests that
 * are under way when it returns go on, and record what became of them, in this process.
 */
export async function postCallbacks(
  deps: BatchDeps,
  items: readonly OwedCallback[],
  { signal, lookUp = false }: BatchOptions,
): Promise<readonly CallbackResult[]> {
  const results = new Map<OwedCallback, CallbackResult>();
  const reads = sharedReads(deps, items, lookUp);
  const progress = createProgress();
  const cut = { done: signal?.aborted ?? false };

  async function postInTurn(chain: readonly OwedCallback[]): Promise<void> {
    for (const item of chain) {
      if (cut.done) return;
      try {
        results.set(item, await postWhenDue(deps, item, reads, () => cut.done || deps.runner.stopping));
      } catch (error) {
        const { code } = asCallbackFault(error);
        results.set(item, { callbackId: item.callbackId, state: 'faulted', attempts: 0, code });
      }
      progress.step();
    }
  }

  const all = Promise.all(chainsOf(items).map(postInTurn));
  await progress.wait(all, BEGINS, signal);
  cut.done = true;
  await progress.wait(all, LAST_ONES, signal);
  return items.map((item) => results.get(item) ?? unfinished(deps, item));
}

async function postWhenDue(
  deps: BatchDeps,
  item: OwedCallback,
  reads: ItemReads,
  withdrawn: () => boolean,
): Promise<CallbackResult> {
  const { callbackId, endpointId } = item;
  const skipped = { callbackId, state: 'skipped', attempts: 0 } as const;
  const underWay = deps.runner.underWay(callbackId);
  if (underWay !== undefined) return underWay.result;
  const gate = deps.limits.of(endpointId);
  if (gate.timedOut()) return skipped;
  if (item.after !== null) {
    const until = await deps.order.blockedUntil(item, deps.runner);
    if (until !== null) return { callbackId, state: 'behind', attempts: 0, until };
  }
  const isOver = (): boolean => withdrawn() || gate.timedOut();
  if (!gate.tryTake() && !(await gate.take(isOver))) {
    return gate.timedOut() || deps.runner.stopping ? skipped : { ...skipped, state: 'late' };
  }
  return postItem(deps, { item, gate, reads }, isOver);
}

function unfinished({ runner }: BatchDeps, { callbackId }: OwedCallback): CallbackResult {
  const underWay = runner.underWay(callbackId);
  if (underWay === undefined) return { callbackId, state: runner.stopping ? 'skipped' : 'late', attempts: 0 };
  return { callbackId, state: 'running', attempts: 0, until: underWay.until };
}

/** Items that wait for each other: those about one contact, or one message, for one endpoint. */
function chainsOf(items: readonly OwedCallback[]): readonly (readonly OwedCallback[])[] {
  const chains = new Map<string, OwedCallback[]>();
  for (const item of items) {
    const key = `${item.endpointId} ${item.stream}`;
    const chain = chains.get(key);
    if (chain === undefined) chains.set(key, [item]);
    else chain.push(item);
  }
  return [...chains.values()];
}

/** One reading per app and per stream, whatever the number of items. */
function sharedReads(deps: BatchDeps, items: readonly OwedCallback[], lookUp: boolean): ItemReads {
  const revisions = new Map<string, number[]>();
  for (const { stream, revision } of items) {
    const known = revisions.get(stream);
    if (known === undefined) revisions.set(stream, [revision]);
    else known.push(revision);
  }
  const targets = remembered((appId: string) => deps.readTargets(appId));
  const contents = remembered((stream: string) =>
    readContents(deps.ledger, stream, revisions.get(stream) ?? []),
  );
  return {
    history: (item) =>
      lookUp || item.known === true ? readHistory(deps.ledger, item.callbackId) : Promise.resolve(NO_HISTORY),
    targets: ({ appId }) => targets(appId),
    content: async ({ stream, revision }) => {
      const content = (await contents(stream)).get(revision);
      if (content === undefined || content instanceof CallbackFault) {
        throw content ?? new CallbackFault('event-missing');
      }
      return content;
    },
  };
}

function remembered<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const answer = known.get(key) ?? read(key);
    known.set(key, answer);
    return answer;
  };
}
