import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How the server treats one request. */
export interface Step {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, or so many bytes of it. */
  readonly body?: string | number;
  /** Before the header goes out. */
  readonly delayMs?: number;
  /** Between the header and the body. */
  readonly bodyDelayMs?: number;
  /** Ends the connection instead of answering, or after the header. */
  readonly reset?: 'instead' | 'after-header';
}

/** One request as it came in. */
export interface Received {
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes, as UTF-8. */
  readonly body: string;
  /** Milliseconds since the epoch, when the header was read. */
  readonly arrivedAt: number;
  /** Number of the connection it came over, from 1. */
  readonly connection: number;
}

export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly Received[];
  /** Steps for the next requests, in their order; afterwards, and without steps, the last one holds. */
  script(...steps: readonly Step[]): void;
  /** Nobody listens and every connection is cut. */
  down(): Promise<void>;
  /** Listens again, at the same port. */
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly port?: number;
  /** PEM; makes it an https server. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Looks at each request; what it returns is the answer instead of the script's. */
  readonly answer?: (request: Received) => Step | undefined;
}

/** Starts a server on 127.0.0.1 that records what it gets and answers by a script: 200 at first. */
export async function startScriptedServer(options: ServerOptions = {}): Promise<ScriptedServer> {
  const requests: Received[] = [];
  let steps: readonly Step[] = [{}];
  let connections = 0;
  const numbers = new WeakMap<object, number>();

  const nextStep = (): Step => {
    const [step = {}, ...rest] = steps;
    if (rest.length > 0) steps = rest;
    return step;
  };
  const listener: RequestListener = (incoming, response) => {
    const arrivedAt = Date.now();
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const connection = numbers.get(incoming.socket) ?? 0;
      const received = { ...headOf(incoming), body: Buffer.concat(chunks).toString(), arrivedAt, connection };
      requests.push(received);
      void play(options.answer?.(received) ?? nextStep(), response);
    });
  };
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: object) => {
    numbers.set(socket, ++connections);
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`,
    port,
    requests,
    script: (...next) => {
      steps = next;
    },
    down: () => stop(server),
    up: async () => {
      await listen(server, port);
    },
    close: () => stop(server),
  };
}

function headOf(incoming: IncomingMessage): Pick<Received, 'method' | 'path' | 'headers'> {
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return { method: incoming.method ?? '', path: incoming.url ?? '', headers: Object.fromEntries(headers) };
}

async function play(step: Step, response: ServerResponse): Promise<void> {
  if (step.delayMs !== undefined) await pause(step.delayMs);
  if (step.reset === 'instead') {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = typeof step.body === 'number' ? 'x'.repeat(step.body) : (step.body ?? '');
  response.writeHead(step.status ?? 200, { 'content-length': Buffer.byteLength(body), ...step.headers });
  if (step.bodyDelayMs !== undefined || step.reset === 'after-header') response.flushHeaders();
  if (step.bodyDelayMs !== undefined) await pause(step.bodyDelayMs);
  if (step.reset === 'after-header') response.socket?.resetAndDestroy();
  else response.end(body);
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
