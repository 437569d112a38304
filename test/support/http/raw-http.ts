import { Agent, request as httpRequest } from 'node:http';

/** One request exactly as written: nothing is added to its path, and only what HTTP needs to its headers. */
export interface RawRequest {
  readonly method: string;
  /** From the first slash on; sent unescaped. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values as they left the socket, in turn. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
}

/** Sends one request over a connection of its own. */
export function rawRequest(
  origin: string,
  { method, path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  // Not closed by the client's wish: a server could then end it before a long body has been sent.
  const agent = new Agent({ keepAlive: true });
  return new Promise<RawAnswer>((done, fail) => {
    const outgoing = httpRequest({ hostname, port, method, path, headers, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () => {
        const lower = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
        done({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(lower),
          rawHeaders: incoming.rawHeaders,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  }).finally(() => {
    agent.destroy();
  });
}

/** `Authorization` of key id and secret. */
export const basic = (keyId: string, keySecret: string): string =>
  `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
