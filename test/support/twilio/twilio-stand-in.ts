import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { twilioFixture, twilioSignature } from './twilio-signing.js';

/**
 * How one call of `Messages.json` ends. `hangs` and `breaks`: taken, but no answer comes; `never`: broken before;
 * `late`: taken, and the answer comes after the reports.
 */
export type SendStep = 'taken' | 'hangs' | 'breaks' | 'never' | 'late' | Refusal;

interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readonly<Record<string, unknown>>;
}
type Form = Readonly<Record<string, string>>;

/** A message that Twilio took. */
export interface TwilioMessage {
  readonly sid: string;
  readonly form: Readonly<Record<string, string>>;
}

/** How a webhook is delivered; what is absent is as Twilio does it. */
export interface Delivery {
  /** Where to; the account's own URL, or the message's status callback. */
  readonly url?: string;
  /** What the signature is over, where it is not the URL and the form that are sent. */
  readonly signedUrl?: string;
  readonly signedForm?: URLSearchParams;
  /** Null sends none. */
  readonly signature?: string | null;
  readonly token?: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/**
 * Twilio's messaging side after its published contract: the call that creates a message, with Basic auth and errors as
 * JSON, its own list of people who opted out, signed webhooks for what comes in and for what becomes of a message.
 */
export interface TwilioStandIn {
  /** Origin of the API. */
  readonly url: string;
  readonly accountSid: string;
  /** Changes with `rotate`; what it signs with. */
  readonly authToken: string;
  /** Every message taken, oldest first. */
  readonly messages: readonly TwilioMessage[];
  /** Calls of `Messages.json`, refused ones too. */
  readonly calls: number;
  /** How the next calls end; afterwards each is taken. */
  script(...steps: readonly SendStep[]): void;
  /** People whom Twilio itself holds for opted out: sends to them answer error 21610. */
  readonly optedOut: Set<string>;
  /** Statuses that are reported by themselves once a message is taken. */
  reports: readonly string[];
  rotate(token: string): void;
  /** Posts the webhook of an incoming message; parameters replace those of the fixture. */
  receive(
    fixture: 'inbound-sms' | 'inbound-mms' | 'inbound-whatsapp' | 'inbound-opt-out',
    params: Readonly<Record<string, string | readonly string[] | null>>,
    delivery?: Delivery,
  ): Promise<WebhookAnswer>;
  /** Posts the status callback of a message that was taken. */
  report(
    message: TwilioMessage,
    status: string,
    params?: Readonly<Record<string, string>>,
    delivery?: Delivery,
  ): Promise<WebhookAnswer>;
  /** Nobody listens, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** Where incoming messages are posted to, asked for at each of them. */
  readonly webhook: () => string;
  /** The network between a public URL and us, e.g. a proxy; as it is where nothing is given. */
  readonly reach?: (url: string) => string;
  /** Other credentials than the account's own that are let in: key SID and secret. */
  readonly apiKey?: readonly [sid: string, secret: string];
}

const ACCOUNT = 'AC00000000000000000000000000000001';
const numbered = (prefix: string, n: number): string => prefix + String(n).padStart(32, '0');

export async function startTwilioStandIn(options: StandInOptions): Promise<TwilioStandIn> {
  let authToken = 'a-token-of-the-account';
  let calls = 0;
  let received = 1_000;
  let steps: readonly SendStep[] = [];
  const messages: TwilioMessage[] = [];

  function letsIn({ headers }: IncomingMessage): boolean {
    const known = [[ACCOUNT, authToken], ...(options.apiKey === undefined ? [] : [options.apiKey])];
    const given = Buffer.from((headers.authorization ?? '').replace(/^Basic /u, ''), 'base64').toString();
    return known.some((pair) => pair.join(':') === given);
  }

  function take(form: Readonly<Record<string, string>>): TwilioMessage {
    const message = { sid: numbered('SM', messages.length + 1), form };
    messages.push(message);
    return message;
  }

  function refusalOf(request: IncomingMessage, step: SendStep, form: Form): Refusal | 'broken' | undefined {
    if (request.url !== `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`)
      return { status: 404, body: error(20404) };
    if (!letsIn(request)) return { status: 401, body: twilioFixture('20003.error') };
    if (step === 'never') return 'broken';
    if (typeof step === 'object') return step;
    const problem = problemOf(form, standIn.optedOut);
    return problem === undefined ? undefined : { status: 400, body: problem };
  }

  async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
    calls += 1;
    const [step = 'taken', ...rest] = steps;
    steps = rest;
    const refusal = refusalOf(request, step, form);
    if (refusal === 'broken') request.socket.resetAndDestroy();
    else if (refusal !== undefined) answer(response, refusal.status, refusal.body ?? '', refusal.headers);
    if (refusal !== undefined) return;
    const message = take(form);
    const { sid } = message;
    const created = { ...twilioFixture('message'), sid, to: form['To'], body: form['Body'] ?? '' };
    if (step === 'breaks') request.socket.resetAndDestroy();
    if (step === 'taken') answer(response, 201, created);
    for (const status of form['StatusCallback'] === undefined ? [] : standIn.reports) {
      await standIn.report(message, status);
    }
    if (step === 'late') answer(response, 201, created);
  }

  const server = createServer((request, response) => {
    void create(request, response).catch(() => response.destroy());
  });
  const port = await listen(server);

  async function post(url: string, form: URLSearchParams, delivery: Delivery): Promise<WebhookAnswer> {
    const { signedUrl = url, signedForm = form, token = authToken } = delivery;
    const { signature = twilioSignature(token, signedUrl, signedForm) } = delivery;
    const posted = await fetch(options.reach?.(url) ?? url, {
      method: 'POST',
      headers: {
        'content-type': delivery.contentType ?? 'application/x-www-form-urlencoded; charset=UTF-8',
        'i-twilio-idempotency-token': '00000000-0000-4000-8000-000000000001',
        ...(signature === null ? {} : { 'x-twilio-signature': signature }),
      },
      body: delivery.body ?? form.toString(),
    });
    return {
      status: posted.status,
      contentType: posted.headers.get('content-type'),
      text: await posted.text(),
    };
  }

  const standIn: TwilioStandIn = {
    url: `http://127.0.0.1:${String(port)}`,
    accountSid: ACCOUNT,
    get authToken() {
      return authToken;
    },
    messages,
    get calls() {
      return calls;
    },
    script: (...next) => {
      steps = next;
    },
    optedOut: new Set(),
    reports: [],
    rotate: (token) => {
      authToken = token;
    },
    receive: async (fixture, params, delivery = {}) => {
      const sid = numbered('SM', (received += 1));
      const form = formOf(twilioFixture(fixture), {
        MessageSid: sid,
        SmsSid: sid,
        SmsMessageSid: sid,
        ...params,
      });
      return post(delivery.url ?? options.webhook(), form, delivery);
    },
    report: async (
      { sid, form: { StatusCallback = '', To = '', From = '' } },
      status,
      params = {},
      delivery = {},
    ) => {
      const failed = ['failed', 'undelivered'].includes(status);
      const about = { MessageSid: sid, SmsSid: sid, SmsStatus: status, MessageStatus: status, To, From };
      const form = formOf(twilioFixture(failed ? 'status-failed' : 'status'), { ...about, ...params });
      return post(delivery.url ?? StatusCallback, form, delivery);
    },
    down: () => stop(server),
    up: async () => {
      await listen(server, port);
    },
    close: () => stop(server),
  };
  return standIn;
}

/** What Twilio refuses before it makes a message: no recipient, no words, no sender, or an opt-out of its own. */
function problemOf(
  form: Readonly<Record<string, string>>,
  optedOut: ReadonlySet<string>,
): Record<string, unknown> | undefined {
  const to = form['To'] ?? '';
  if (!/^(?:whatsapp:|rcs:)?\+[1-9]\d{6,14}$/u.test(to)) return twilioFixture('21211.error');
  if (form['From'] === undefined && form['MessagingServiceSid'] === undefined) return error(21603);
  if (form['Body'] === undefined && form['MediaUrl'] === undefined) return error(21619);
  return optedOut.has(to) ? twilioFixture('21610.error') : undefined;
}

function error(code: number): Record<string, unknown> {
  return { ...twilioFixture('21610.error'), code, message: 'refused' };
}

function formOf(
  base: Readonly<Record<string, string>>,
  params: Readonly<Record<string, string | readonly string[] | null>>,
): URLSearchParams {
  const form = new URLSearchParams(base);
  for (const [name, value] of Object.entries(params)) {
    form.delete(name);
    for (const one of value === null ? [] : [value].flat()) form.append(name, one);
  }
  return form;
}

function answer(
  response: ServerResponse,
  status: number,
  body: string | Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function listen(server: Server, at = 0): Promise<number> {
  server.listen(at, '127.0.0.1');
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
