import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rawRequest } from '../http/raw-http.js';

/** One request and what became of it. */
export interface Exchange {
  readonly method: string;
  /** As sent, unescaped. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  /** `WWW-Authenticate` of the answer, empty without one. */
  readonly challenge: string;
}

/** Changes what passes, for tests of clients that see tokens otherwise than they are. */
export interface Rewrites {
  /** What the client sees in place of an access token. */
  readonly token?: (given: string) => string;
  /** What the server sees in place of the client's bearer token. */
  readonly bearer?: (sent: string) => string;
}

/** Stands between a client and a server, and writes down what they say. */
export interface RecordingProxy {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

export const isTokenRequest = ({ path }: Pick<Exchange, 'path'>): boolean => path === '/oauth2/token';

/** Paths stay byte for byte as the client sent them. */
export async function startRecordingProxy(target: string, rewrites: Rewrites = {}): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, response) => {
    void pass(target, rewrites, incoming, response).then((exchange) => exchanges.push(exchange));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    exchanges,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function pass(
  target: string,
  rewrites: Rewrites,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<Exchange> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { method = '', url: path = '' } = incoming;
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const { connection: _connection, host: _host, authorization, ...kept } = headers;
  const forwarded =
    authorization === undefined ? kept : { ...kept, authorization: rewritten(authorization, rewrites) };
  const answer = await rawRequest(target, { method, path, headers: forwarded, body });
  const text =
    isTokenRequest({ path }) && answer.status === 200 ? retokened(answer.text, rewrites) : answer.text;
  const { connection: _closed, 'transfer-encoding': _chunked, ...sent } = answer.headers;
  response.writeHead(answer.status, { ...sent, 'content-length': Buffer.byteLength(text) }).end(text);
  return {
    method,
    path,
    headers,
    body,
    status: answer.status,
    challenge: answer.headers['www-authenticate'] ?? '',
  };
}

function rewritten(authorization: string, { bearer = (sent) => sent }: Rewrites): string {
  const [scheme = '', value = ''] = authorization.split(' ');
  return scheme === 'Bearer' ? `Bearer ${bearer(value)}` : authorization;
}

function retokened(text: string, { token = (given) => given }: Rewrites): string {
  const answer = JSON.parse(text) as { access_token: string };
  return JSON.stringify({ ...answer, access_token: token(answer.access_token) });
}
