import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A callback as a customer's back end sees it. */
export interface ReceivedCallback {
  /** The payload key of the body, e.g. `opt_out_notification`. */
  readonly kind: string;
  readonly body: Record<string, unknown>;
  /** True when the signature over the raw bytes holds. */
  readonly verified: boolean;
  readonly webhookId: string;
}

const ENVELOPE = new Set([
  'app_id',
  'project_id',
  'accepted_time',
  'event_time',
  'message_metadata',
  'correlation_id',
]);

/** A receiver on loopback that checks every signature, as a customer's would. */
export class DemoReceiver {
  readonly received: ReceivedCallback[] = [];
  readonly #server: Server;
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
    this.#server = createServer((request, response) => {
      void this.#take(request).then(() => response.writeHead(200).end());
    });
  }

  /** Listens on a free port and answers the URL to register. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/callbacks`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString();
    const body = JSON.parse(raw) as Record<string, unknown>;
    this.received.push({
      kind: Object.keys(body).find((key) => !ENVELOPE.has(key)) ?? '',
      body,
      verified: this.#verifies(request, raw),
      webhookId: header(request, 'webhook-id'),
    });
  }

  #verifies(request: IncomingMessage, raw: string): boolean {
    const nonce = header(request, 'x-sinch-webhook-signature-nonce');
    const timestamp = header(request, 'x-sinch-webhook-signature-timestamp');
    const given = Buffer.from(header(request, 'x-sinch-webhook-signature'), 'base64');
    const expected = createHmac('sha256', this.#secret).update(`${raw}.${nonce}.${timestamp}`).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
