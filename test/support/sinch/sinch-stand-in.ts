import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startScriptedServer, type Received, type Step } from '../stand-ins/scripted-server.js';

/** How the stand-in treats one `messages:send`: `accept` tells whether the message is taken whatever is answered. */
export interface SendStep extends Step {
  readonly accept?: boolean;
  /** Receipts that go out at once, before the answer does. */
  readonly before?: readonly string[];
}

/** One `messages:send` as it came, with what became of it. */
export interface StandInSend {
  readonly body: Record<string, unknown>;
  readonly token: string;
  readonly status: number;
  readonly arrivedAt: number;
  /** Id at Sinch; undefined where the message was not taken. */
  readonly messageId: string | undefined;
}

/** An app at the stand-in. */
export interface StandInApp {
  readonly sinchAppId: string;
  readonly sinchProjectId: string;
  /** Where its callbacks go. */
  readonly target: string;
  secret: string;
}

/** How a callback is posted; everything is as published unless told otherwise. */
export interface Posting {
  readonly secret?: string;
  /** Seconds since the signature was made. */
  readonly ageS?: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** The bytes to send instead of the JSON. The signature is made over `signed`, over these where that is absent. */
  readonly bytes?: string | Buffer;
  readonly signed?: string | Buffer;
}

/**
 * The Sinch Conversation API as its public reference describes it, at a port of this machine: token endpoint,
 * `messages:send`, and signed callbacks that are delivered again, freshly signed, until they are acknowledged.
 */
export interface SinchStandIn {
  readonly url: string;
  readonly keyId: string;
  keySecret: string;
  readonly tokenRequests: readonly Received[];
  sends(app: StandInApp): readonly StandInSend[];
  /** What the next sends of an app meet, in order; afterwards as published: 200. */
  script(app: StandInApp, ...steps: readonly SendStep[]): void;
  /** States that are reported by themselves once a message is taken, to apps that `register` or `script` named. */
  reports: readonly string[];
  register(app: StandInApp): void;
  scriptTokens(...steps: readonly Step[]): void;
  /** Every token given out so far is refused from now on. */
  endTokens(): void;
  /** One POST. @returns the status and the answer's body */
  post(app: StandInApp, body: object, posting?: Posting): Promise<{ status: number; body: unknown }>;
  /** Posts until there is a 2xx, as Sinch delivers again. @returns how many posts it took */
  deliver(app: StandInApp, body: object): Promise<number>;
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export const SINCH_PROJECT = 'sinch-project';
const REDELIVERY_MS = 100;

export async function startSinchStandIn(): Promise<SinchStandIn> {
  const tokens = new Set<string>();
  const sent: StandInSend[] = [];
  const scripts = new Map<string, SendStep[]>();
  const apps = new Map<string, StandInApp>();
  let tokenSteps: Step[] = [];
  const tokenRequests: Received[] = [];
  const settings = { keyId: 'sinch-key', keySecret: 'sinch-key-secret' };

  function giveToken(request: Received): Step {
    tokenRequests.push(request);
    const step = tokenSteps.shift();
    if (step !== undefined) return step;
    const wanted = `Basic ${Buffer.from(`${settings.keyId}:${settings.keySecret}`).toString('base64')}`;
    if (request.headers['authorization'] !== wanted) {
      return json(401, { error: 'invalid_client', error_description: 'unknown client' });
    }
    if (request.body !== 'grant_type=client_credentials')
      return json(400, { error: 'unsupported_grant_type' });
    const token = `t-${randomUUID()}`;
    tokens.add(token);
    return json(200, { access_token: token, expires_in: 3600, scope: '', token_type: 'bearer' });
  }

  function takeMessage(request: Received): Step {
    const token = (request.headers['authorization'] ?? '').replace('Bearer ', '');
    const body = JSON.parse(request.body) as Record<string, unknown>;
    const appId = String(body['app_id']);
    const step: SendStep = tokens.has(token) ? (scripts.get(appId)?.shift() ?? {}) : TOKEN_ENDED;
    const wellFormed = 'recipient' in body && 'message' in body;
    const status = wellFormed ? (step.status ?? 200) : 400;
    const accepted = step.accept ?? (status === 200 && step.reset === undefined);
    const messageId = accepted
      ? `01S${randomUUID().replaceAll('-', '').slice(0, 23).toUpperCase()}`
      : undefined;
    sent.push({ body, token, status, arrivedAt: request.arrivedAt, messageId });
    const app = apps.get(appId);
    for (const state of step.before ?? []) {
      if (app !== undefined) void standIn.post(app, receiptOf(sent.at(-1), state));
    }
    if (accepted && app !== undefined) void report(app, sent.at(-1));
    const answer =
      status === 200 ? { message_id: messageId, accepted_time: new Date().toISOString() } : envelope(status);
    return { status, body: JSON.stringify(answer), ...step };
  }

  /** One after another, as they happen. */
  async function report(app: StandInApp, taken: StandInSend | undefined): Promise<void> {
    for (const state of standIn.reports) await standIn.deliver(app, receiptOf(taken, state));
  }

  const server = await startScriptedServer({
    answer: (request) => {
      if (request.path === '/oauth2/token') return giveToken(request);
      return request.path === `/v1/projects/${SINCH_PROJECT}/messages:send` && request.method === 'POST'
        ? takeMessage(request)
        : json(404, envelope(404));
    },
  });

  const standIn: SinchStandIn = {
    ...{ url: server.url, keyId: settings.keyId, tokenRequests },
    get keySecret() {
      return settings.keySecret;
    },
    set keySecret(secret) {
      settings.keySecret = secret;
    },
    sends: ({ sinchAppId }) => sent.filter(({ body }) => body['app_id'] === sinchAppId),
    reports: [],
    register: (app) => {
      apps.set(app.sinchAppId, app);
    },
    script(app, ...steps) {
      apps.set(app.sinchAppId, app);
      scripts.set(app.sinchAppId, [...steps]);
    },
    scriptTokens: (...steps) => {
      tokenSteps = [...steps];
    },
    endTokens: () => {
      tokens.clear();
    },
    async post(app, body, posting = {}) {
      const bytes = Buffer.from(posting.bytes ?? JSON.stringify(body));
      const answer = await fetch(app.target, {
        method: 'POST',
        headers: signedHeaders(app, bytes, posting),
        body: bytes,
      });
      return { status: answer.status, body: await answer.json() };
    },
    async deliver(app, body) {
      for (let posts = 1; ; posts++) {
        const { status } = await standIn.post(app, body).catch(() => ({ status: 0 }));
        if (status >= 200 && status < 300) return posts;
        await pause(REDELIVERY_MS);
      }
    },
    ...{ down: () => server.down(), up: () => server.up(), close: () => server.close() },
  };
  return standIn;
}

/** The published signature, written down once more rather than taken from the code that is under test. */
function signedHeaders(app: StandInApp, bytes: Buffer, posting: Posting): Record<string, string> {
  const nonce = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000) - (posting.ageS ?? 0));
  const signature = createHmac('sha256', posting.secret ?? app.secret)
    .update(Buffer.concat([Buffer.from(posting.signed ?? bytes), Buffer.from(`.${nonce}.${timestamp}`)]))
    .digest('base64');
  const headers = {
    'content-type': 'application/json',
    'x-sinch-webhook-signature': signature,
    'x-sinch-webhook-signature-nonce': nonce,
    'x-sinch-webhook-signature-timestamp': timestamp,
    'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
    ...posting.headers,
  };
  return Object.fromEntries(Object.entries(headers).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
}

const TOKEN_ENDED: SendStep = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="expired"' },
};

function envelope(code: number): object {
  return { error: { code, message: 'refused by the stand-in', status: 'REFUSED', details: [] } };
}

function json(status: number, body: object): Step {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A MESSAGE_DELIVERY callback for a message that was sent. */
export function receiptOf(send: StandInSend | undefined, status: string, more: object = {}): object {
  if (send === undefined) throw new Error('nothing was sent');
  return {
    ...{ app_id: send.body['app_id'], project_id: SINCH_PROJECT, accepted_time: new Date().toISOString() },
    correlation_id: send.body['correlation_id'],
    message_metadata: '',
    message_delivery_report: {
      message_id: send.messageId,
      status,
      ...{ conversation_id: '', contact_id: '', processing_mode: 'DISPATCH' },
      metadata: send.body['message_metadata'],
      ...more,
    },
  };
}
