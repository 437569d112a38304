import { createHash } from 'node:crypto';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in front of the API processes, as the proxy of `deploy/` does. */
export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Where the API processes are now, e.g. `http://127.0.0.1:8081`. */
  readonly targets: () => readonly string[];
  readonly port?: number;
  /** True: new messages go to all in turn; only what may read what was written goes to one. */
  readonly spread?: boolean;
}

/** Writes whose answer says nothing of what stands in a view. */
const SPREAD = /\/inbound\/|\/messages:send$/;

/** Forwards; tries another process only where a connection was refused, since anything else may have arrived. */
export async function startProxy({ targets, port = 0, spread = false }: ProxyOptions): Promise<Proxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let turn = 0;

  function order(path: string): readonly string[] {
    const all = targets();
    const from = spread && SPREAD.test(path) ? turn++ : indexOf(path);
    return all.map((_, n) => all[(from + n) % all.length] ?? '');
  }

  function forward(
    incoming: IncomingMessage,
    answer: ServerResponse,
    body: Buffer,
    left: readonly string[],
  ): void {
    const [target, ...others] = left;
    if (target === undefined) {
      answer.writeHead(502).end();
      return;
    }
    const { method, headers, url } = incoming;
    const outgoing = request(`${target}${url ?? ''}`, { method, headers, agent }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
      reply.on('error', () => answer.destroy());
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') forward(incoming, answer, body, others);
      else if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end();
    });
    outgoing.end(body);
  }

  const server = createServer((incoming, answer) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      forward(incoming, answer, Buffer.concat(parts), order(incoming.url ?? ''));
    });
  });
  // Longer than any client keeps an idle connection: else it is cut just as a request leaves.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Reads are answered by the process that took the writes: the project's. */
function indexOf(path: string): number {
  const project = /^\/v1\/projects\/([^/?]+)/.exec(path)?.[1] ?? '';
  return createHash('sha256').update(project).digest().readUInt16BE();
}
