import { faultCode } from '../fault-code.js';

// These values come back to the workflows, and so they stand in Temporal's histories: they hold ids, times and codes only.

interface Of<S extends string> {
  readonly callbackId: string;
  readonly state: S;
  /** How many requests have been recorded. */
  readonly attempts: number;
}

/** What became of a callback that was to be posted. Times are RFC 3339. */
export type CallbackResult =
  | Of<'delivered' | 'parked'>
  /** `answer`: what the last request came to, a status or the code of a fault. */
  | (Of<'waiting'> & { readonly nextAttemptAt: string; readonly answer: string })
  /** Something goes first: another callback of the same contact, or other requests to the same endpoint. */
  | (Of<'behind'> & { readonly until: string })
  /** The request is under way and will be recorded where it runs, at the latest then. */
  | (Of<'running'> & { readonly until: string })
  /** It was not tried, because its endpoint is slow or this process is stopping. */
  | Of<'skipped'>
  /** It was not begun while the activity lasted, for want of time only: the batch goes on with it. */
  | Of<'late'>
  /** It failed by a fault of ours; `code` has no personal data. */
  | (Of<'faulted'> & { readonly code: string });

/**
 * `stopping` means that this process ends, the other words that the ledger does not hold what the callback rests on.
 * Beside these, codes are the names of what the ledger throws.
 */
export type CallbackFaultCode =
  'stopping' | 'event-missing' | 'app-missing' | 'body-unbuildable' | 'url-missing';

/** A fault of ours with a callback; its message is the code and nothing else. */
export class CallbackFault extends Error {
  override readonly name = 'CallbackFault';
  readonly code: string;
  constructor(code: CallbackFaultCode | (string & {})) {
    super(code);
    this.code = code;
  }
}

/** Turns anything thrown into a fault that may stand in a workflow's history. */
export function asCallbackFault(error: unknown): CallbackFault {
  return error instanceof CallbackFault ? error : new CallbackFault(faultCode(error));
}
