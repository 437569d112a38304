import { Agent, Client, Pool, type Dispatcher, type buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.js';
import type { HttpAnswer, HttpCall, HttpSender } from './http-sender.js';
import { checkTarget } from './target-check.js';
import { createGuardedConnector } from './guarded-connector.js';
import { sharedLookup, systemLookup, type HostLookup } from './host-lookup.js';
import { Exchange, type Connection } from './http-exchange.js';

export interface GuardedHttpOptions {
  readonly guard: AddressGuard;
  /** Milliseconds on a clock that never steps back. */
  readonly nowMs: () => number;
  /** Connections per origin. */
  readonly connections?: number;
  /** Certificate authorities beside the system's, PEM. */
  readonly ca?: string;
  readonly lookup?: HostLookup;
}

export interface GuardedHttp extends HttpSender {
  /** Ends all that is under way, and all that comes after, with the fault `aborted`; a process that stops calls it. */
  abort(): void;
  /** Aborts, then closes all connections. */
  close(): Promise<void>;
}

const DEFAULT_CONNECTIONS = 256;
/** So many parsed URLs are remembered. */
const MOST_TARGETS = 10_000;

type Target = { readonly ok: true; readonly origin: string; readonly path: string } | { readonly ok: false };

/**
 * Posts to customers' servers over keep-alive connections of HTTP/1.1: only where the guard lets it, without
 * redirects, without the environment's proxies, within one deadline that includes the body.
 */
export function createGuardedHttp(options: GuardedHttpOptions): GuardedHttp {
  const { guard, nowMs } = options;
  const agent = createAgent(options);
  const running = new Set<Exchange>();
  const targets = new Map<string, Target>();
  let aborted = false;

  function targetOf(url: string): Target {
    const known = targets.get(url);
    if (known !== undefined) return known;
    const checked = checkTarget(url, guard);
    const target: Target = checked.ok
      ? { ok: true, origin: checked.url.origin, path: checked.url.pathname + checked.url.search }
      : { ok: false };
    if (targets.size >= MOST_TARGETS) targets.clear();
    targets.set(url, target);
    return target;
  }

  function abort(): void {
    aborted = true;
    for (const exchange of [...running]) exchange.end('aborted');
  }

  return {
    post({ url, headers, body, timeoutMs }: HttpCall): Promise<HttpAnswer> {
      const target = targetOf(url);
      if (aborted || !target.ok) {
        const fault = aborted ? 'aborted' : 'blocked';
        return Promise.resolve({ status: null, fault, sent: false, peer: null, durationMs: 0 });
      }
      return new Promise((answered) => {
        const settled = (exchange: Exchange, answer: HttpAnswer): void => {
          running.delete(exchange);
          answered(answer);
        };
        const exchange = new Exchange({ nowMs, timeoutMs, settled });
        running.add(exchange);
        agent.dispatch(
          {
            origin: target.origin,
            path: target.path,
            method: 'POST',
            headers: { 'user-agent': 'optledger', ...headers },
            body,
            // The client's time-outs are off, since the exchange has its own deadline.
            headersTimeout: 0,
            bodyTimeout: 0,
          },
          exchange,
        );
      });
    },
    abort,
    close: async () => {
      abort();
      await agent.destroy();
    },
  };
}

function createAgent(options: GuardedHttpOptions): Agent {
  const { guard, ca, connections = DEFAULT_CONNECTIONS } = options;
  const lookup = sharedLookup(options.lookup ?? systemLookup, options.nowMs);
  const connector = createGuardedConnector({ guard, lookup, ...(ca === undefined ? {} : { ca }) });
  return new Agent({
    factory: (origin) =>
      new Pool(origin, {
        connections,
        allowH2: false,
        connect: connector,
        factory: (base: URL) => new GuardedClient(base, connector),
      }),
  });
}

/** Makes clients of one connection each, whose address is remembered for the log of attempts. */
class GuardedClient extends Client {
  readonly #connection: Connection;

  constructor(origin: URL, connector: buildConnector.connector) {
    const connection: Connection = { peer: null };
    super(origin, {
      allowH2: false,
      connect: (target, callback) => {
        connector(target, (...[error, socket]) => {
          if (error !== null) {
            callback(error, null);
            return;
          }
          connection.peer = socket.remoteAddress ?? null;
          callback(null, socket);
        });
      },
    });
    this.#connection = connection;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (handler instanceof Exchange) handler.connection = this.#connection;
    return super.dispatch(options, handler);
  }
}
