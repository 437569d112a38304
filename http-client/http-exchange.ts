import type { Dispatcher } from 'undici';
import type { HttpAnswer, HttpFault } from './http-sender.js';
import { faultOf } from './http-faults.js';

/** So many bytes of an answer are read at most; what comes after them changes nothing. */
const MOST_READ = 64 * 1024;
/** So many bytes of an answer are kept. */
const MOST_KEPT = 16 * 1024;
const CUT_MARK = '…[cut]';

/** The connection that a request went over. */
export interface Connection {
  peer: string | null;
}

export interface ExchangeDeps {
  readonly nowMs: () => number;
  readonly timeoutMs: number;
  readonly settled: (exchange: Exchange, answer: HttpAnswer) => void;
}

/**
 * One request and its answer. Settles once, at the end of the body or at the deadline, whichever comes first; an
 * answer whose header came is an answer, however long, slow or broken its body is.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  connection: Connection | null = null;
  readonly #deps: ExchangeDeps;
  readonly #startedMs: number;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #done = false;
  #status = 0;
  #retryAfter: string | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
    this.#startedMs = deps.nowMs();
    this.#timer = setTimeout(() => {
      this.end('timeout');
    }, deps.timeoutMs);
  }

  /** Ends the exchange now: with the answer if its header came, else with the fault. */
  end(fault: HttpFault): void {
    this.#settle(fault);
    this.#controller?.abort(new Error(fault));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // From here on bytes may leave, unless the exchange ended while it waited for a connection.
    if (this.#done) controller.abort(new Error('ended before it began'));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // A status of 1xx only announces the answer.
    if (status < 200) return;
    this.#status = status;
    const retryAfter = headers['retry-after'];
    this.#retryAfter = (typeof retryAfter === 'string' ? retryAfter : retryAfter?.[0]) ?? null;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#bytes < MOST_KEPT) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > MOST_READ) this.end('protocol');
  }

  onResponseEnd(): void {
    this.#settle('protocol');
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#settle(faultOf(error));
  }

  #settle(fault: HttpFault): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#timer);
    this.#deps.settled(this, this.#answer(fault));
  }

  #answer(fault: HttpFault): HttpAnswer {
    const sent = this.#controller !== null;
    const exchanged = {
      sent,
      peer: sent ? (this.connection?.peer ?? null) : null,
      durationMs: Math.max(0, Math.round(this.#deps.nowMs() - this.#startedMs)),
    };
    if (this.#status === 0) return { ...exchanged, status: null, fault };
    const truncated = this.#bytes > MOST_KEPT;
    return {
      ...exchanged,
      status: this.#status,
      fault: null,
      retryAfter: this.#retryAfter,
      excerpt: truncated
        ? this.#text(MOST_KEPT - Buffer.byteLength(CUT_MARK)) + CUT_MARK
        : this.#text(MOST_KEPT),
      truncated,
    };
  }

  #text(bytes: number): string {
    return this.#bytes === 0 ? '' : Buffer.concat(this.#chunks).subarray(0, bytes).toString('utf8');
  }
}
