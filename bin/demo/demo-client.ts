import { setTimeout as delay } from 'node:timers/promises';

/** What `demo.json` holds. */
export interface DemoFile {
  readonly url: string;
  readonly projectId: string;
  readonly appId: string;
  readonly keyId: string;
  readonly keySecret: string;
  readonly temporalUi: string | null;
}

type Json = Record<string, unknown>;

/** The requests that the story makes, as a customer's back end would make them. */
export class DemoClient {
  readonly #demo: DemoFile;
  constructor(demo: DemoFile) {
    this.#demo = demo;
  }

  /** One JSON request; `path` is relative to the project. Throws on any answer but 2xx. */
  async request(method: string, path: string, body?: Json): Promise<Json> {
    const { url, projectId, keyId, keySecret } = this.#demo;
    const answer = await fetch(`${url}/v1/projects/${projectId}${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${await answer.text()}`);
    return (await answer.json()) as Json;
  }

  registerWebhook(target: string, secret: string): Promise<Json> {
    return this.request('POST', '/webhooks', {
      app_id: this.#demo.appId,
      target,
      target_type: 'HTTP',
      secret,
      triggers: ['MESSAGE_INBOUND', 'MESSAGE_SUBMIT', 'MESSAGE_DELIVERY', 'OPT_IN', 'OPT_OUT'],
    });
  }

  send(identity: string, text: string, contentType: string): Promise<Json> {
    return this.request('POST', '/messages:send', {
      app_id: this.#demo.appId,
      recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity }] } },
      message: { text_message: { text } },
      message_content_type: contentType,
    });
  }

  inbound(messageId: string, identity: string, text: string): Promise<Json> {
    return this.request('POST', `/apps/${this.#demo.appId}/inbound/generic`, {
      message_id: messageId,
      channel: 'SMS',
      identity,
      sender: '12025550100',
      text,
    });
  }

  async phone(): Promise<readonly { readonly kind: string; readonly text: string }[]> {
    const page = await this.request('GET', `/apps/${this.#demo.appId}/simulator/messages`);
    return page['messages'] as { kind: string; text: string }[];
  }

  list(listType: string): Promise<Json> {
    return this.request('GET', `/apps/${this.#demo.appId}/consents/${listType}`);
  }

  audit(identity: string): Promise<Json> {
    return this.request('GET', `/apps/${this.#demo.appId}/consents/identities/${identity}`);
  }
}

/** Polls until the probe answers something; the story never goes on without having seen its step. */
export async function seen<T>(what: string, probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    await delay(50);
  }
  throw new Error(`not seen within 15 s: ${what}`);
}
