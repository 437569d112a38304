import type { Fault } from '../domain/callbacks/attempt-classes.js';

/** What went wrong below HTTP. `aborted` means that we ended the call ourselves, which tells nothing about the receiver. */
export type HttpFault = Exclude<Fault, 'token'> | 'aborted';

export interface HttpCall {
  readonly url: string;
  /** Headers under lower-case names; `host` and `content-length` are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Milliseconds for the whole exchange, the answer's body included. */
  readonly timeoutMs: number;
}

interface Exchanged {
  /** False only when surely no byte of the request left, so that it may be repeated without a thought. */
  readonly sent: boolean;
  /** The address that was connected to; null when none was. */
  readonly peer: string | null;
  readonly durationMs: number;
}
export type HttpAnswer =
  | (Exchanged & {
      readonly status: number;
      readonly fault: null;
      /** `Retry-After` as sent, null without one. */
      readonly retryAfter: string | null;
      /** The first bytes of the body, read as UTF-8; ends in a mark where it was cut. */
      readonly excerpt: string;
      readonly truncated: boolean;
    })
  | (Exchanged & { readonly status: null; readonly fault: HttpFault });

/** Posts to a customer's server. The request starts in the same synchronous turn; faults are values. */
export interface HttpSender {
  post(call: HttpCall): Promise<HttpAnswer>;
}
