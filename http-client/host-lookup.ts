import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';

/** Finds all addresses of a name, as the system resolves it; rejects with the system's code. */
export type HostLookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Look-ups share four threads with the disk, so one name may take one of them only so often. */
const FRESH_MS = 5_000;
const MOST_NAMES = 10_000;

/** Asks the system's own look-up, `/etc/hosts` included. */
export const systemLookup: HostLookup = (hostname) =>
  new Promise((found, failed) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error === null) found(addresses);
      else failed(error);
    });
  });

/**
 * Shares one look-up among all who ask for the same name while it runs and for 5 s after it began, so that a name
 * server that hangs holds one thread and not all of them.
 */
export function sharedLookup(inner: HostLookup, nowMs: () => number): HostLookup {
  const begun = new Map<
    string,
    { readonly at: number; readonly answer: Promise<readonly LookupAddress[]> }
  >();
  const settled = new WeakSet<Promise<unknown>>();
  return (hostname) => {
    const now = nowMs();
    const known = begun.get(hostname);
    if (known !== undefined && (now - known.at < FRESH_MS || !settled.has(known.answer))) return known.answer;
    if (begun.size >= MOST_NAMES) begun.clear();
    const answer = inner(hostname);
    const settle = (): void => {
      settled.add(answer);
    };
    answer.then(settle, settle);
    begun.set(hostname, { at: now, answer });
    return answer;
  };
}
