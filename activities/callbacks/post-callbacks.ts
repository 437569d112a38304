import type { OwedCallback } from '../../domain/owed.js';
import { createProgress } from '../batch-progress.js';
import { contentAt, readContents } from './callback-contents.js';
import { NOT_TRIED, readCallbackProgress } from './callback-progress.js';
import type { ItemReads } from './callback-runner.js';
import { asCallbackFault, type CallbackResult } from './callback-types.js';
import type { PostingParts } from './post-callback.js';

/** How a batch is posted. */
export interface BatchOptions {
  /** Once it is aborted, the batch returns, and what has not begun comes back as `late` or `skipped`. */
  readonly signal?: AbortSignal | undefined;
  /** True where earlier requests may stand in the ledger, so that it is asked first. */
  readonly lookUp?: boolean;
}

/**
 * Posts first tries, at most 200, all at once but those to one endpoint about one contact or message in their order.
 * Never rejects: a result per item, in the items' order. Goes on for as long as items end (see `BatchTimes`); requests that
 * are under way when it returns go on, and record what became of them, in this process.
 */
export async function postCallbacks(
  deps: PostingParts,
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
  await progress.wait(all, deps.batch.begins, signal);
  cut.done = true;
  await progress.wait(all, deps.batch.lastOnes, signal);
  return items.map((item) => results.get(item) ?? unfinished(deps, item));
}

async function postWhenDue(
  deps: PostingParts,
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
  return deps.runner.post({ item, gate, reads }, isOver);
}

function unfinished({ runner }: PostingParts, { callbackId }: OwedCallback): CallbackResult {
  const underWay = runner.underWay(callbackId);
  if (underWay === undefined) return { callbackId, state: runner.stopping ? 'skipped' : 'late', attempts: 0 };
  return { callbackId, state: 'running', attempts: 0, until: underWay.until };
}

/** Puts items that wait for each other into one chain: those about one contact, or one message, for one endpoint. */
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

/** Each app and each stream is read once, whatever the number of items. */
function sharedReads(deps: PostingParts, items: readonly OwedCallback[], lookUp: boolean): ItemReads {
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
    progress: (item) =>
      lookUp || item.known === true
        ? readCallbackProgress(deps.ledger, item.callbackId)
        : Promise.resolve(NOT_TRIED),
    targets: ({ appId }) => targets(appId),
    content: async ({ stream, revision }) => contentAt(await contents(stream), revision),
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
