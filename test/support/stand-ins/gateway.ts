import type { Received } from './scripted-server.js';
import { startServerProcess, type ServerProcess } from './server-process.js';
import { verifyStandard } from './webhook-receiver.js';

/** A customer's own gateway, which an app of channel type `http` hands its messages to: in its own process. */
export interface Gateway extends ServerProcess {
  /** Every call it got, oldest first, its signature checked. @throws when one is not signed with the secret */
  calls(secret: string): Promise<readonly GatewayCall[]>;
}

export interface GatewayCall {
  readonly messageId: string;
  readonly channel: string;
  readonly identity: string;
  readonly sender: string;
  readonly text: string;
  readonly kind: 'MESSAGE' | 'REPLY';
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** Milliseconds since the epoch: when the sender says that it began the call. */
  readonly handedOverAt: number;
  /** Milliseconds since the epoch, by the gateway's clock. */
  readonly arrivedAt: number;
}

export async function startGateway(options: { readonly port?: number } = {}): Promise<Gateway> {
  const server = await startServerProcess(options);
  return {
    ...server,
    calls: async (secret) => (await server.requests()).map((request) => toCall(secret, request)),
  };
}

function toCall(secret: string, request: Received): GatewayCall {
  const body = verifyStandard(secret, request) as Record<string, unknown>;
  return {
    messageId: String(body['message_id']),
    channel: String(body['channel']),
    identity: String(body['identity']),
    sender: String(body['sender']),
    text: String(body['text']),
    kind: body['kind'] === 'REPLY' ? 'REPLY' : 'MESSAGE',
    attempt: Number(body['attempt']),
    idempotencyKey: request.headers['idempotency-key'] ?? '',
    handedOverAt: Date.parse(request.headers['optledger-handed-over-at'] ?? ''),
    arrivedAt: request.arrivedAt,
  };
}
