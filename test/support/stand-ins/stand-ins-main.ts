import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join, resolve } from 'node:path';
import type { AddressInfo } from 'node:net';
import { readDemo, type DemoFile } from '../instance/demo-file.js';
import { SINCH_PROJECT, startSinchStandIn, type StandInApp } from '../sinch/sinch-stand-in.js';
import { toCallback } from '../story.js';
import { startTwilioStandIn } from '../twilio/twilio-stand-in.js';
import { startWebhookReceiver } from './webhook-receiver.js';

// `npm run stand-ins`: plays Sinch, Twilio and a company's webhook receiver on this machine, for the tour of the README.
// What a person does, and what was received, goes by plain HTTP; `stand-ins.json` beside `demo.json` says where.

const SINCH_SECRET = 'secret of the callbacks';
const dataDir = resolve(process.env['DATA_DIR'] ?? 'data');
const demo = (): DemoFile => readDemo(dataDir);

const sinch = await startSinchStandIn();
sinch.reports = ['QUEUED_ON_CHANNEL', 'DELIVERED'];
const twilio = await startTwilioStandIn({ webhook: () => '' });
twilio.reports = ['sent', 'delivered'];
const receiver = await startWebhookReceiver();
let said = 0;

const inboundOf = (app: string, provider: string): string =>
  `${demo().url}/v1/projects/${demo().projectId}/apps/${app}/inbound/${provider}`;

function sinchApp(app: string): StandInApp {
  const target = inboundOf(app, 'sinch');
  return { sinchAppId: 'SA1', sinchProjectId: SINCH_PROJECT, target, secret: SINCH_SECRET };
}

async function sayBySinch(form: URLSearchParams): Promise<unknown> {
  const app = sinchApp(form.get('app') ?? '');
  sinch.register(app);
  const now = new Date().toISOString();
  return sinch.post(app, {
    ...{ app_id: app.sinchAppId, project_id: SINCH_PROJECT, accepted_time: now, event_time: now },
    message: {
      ...{ id: `sinch-${String((said += 1))}`, direction: 'TO_APP', sender_id: '12025550100' },
      channel_identity: { channel: 'SMS', identity: form.get('from') ?? '', app_id: '' },
      contact_message: { text_message: { text: form.get('text') ?? '' } },
    },
  });
}

function sayByTwilio(form: URLSearchParams): Promise<unknown> {
  const params = { From: form.get('from') ?? '', To: '+12025550100', Body: form.get('text') ?? '' };
  return twilio.receive('inbound-sms', params, { url: inboundOf(form.get('app') ?? '', 'twilio') });
}

const routes: Readonly<Record<string, (form: URLSearchParams) => unknown>> = {
  'POST /sinch/say': sayBySinch,
  'POST /twilio/say': sayByTwilio,
  'GET /sinch/sent': () =>
    sinch.sends(sinchApp('')).map(({ body }) => (body['message'] as { text_message: object }).text_message),
  'GET /twilio/sent': () => twilio.messages.map(({ form }) => ({ to: form['To'], text: form['Body'] })),
  'GET /callbacks': () =>
    receiver.requests.map(toCallback).map(({ kind, payload }) => {
      const { status, message_id, channel, reason } = payload;
      return { kind, status, channel, message_id, reason };
    }),
};

const control = createServer((request, response) => {
  void (async () => {
    const route = routes[`${request.method ?? ''} ${request.url ?? ''}`];
    const answer = await route?.(new URLSearchParams(await bodyOf(request)));
    response.writeHead(route === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(answer ?? null)}\n`);
  })().catch((error: unknown) => {
    response.writeHead(500).end(`${String(error)}\n`);
  });
});
control.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${String((control.address() as AddressInfo).port)}`;
  const shown = {
    ...{ url, webhook: receiver.url },
    sinch: {
      ...{ base_url: sinch.url, auth_url: sinch.url, key_id: sinch.keyId, key_secret: sinch.keySecret },
      ...{ sinch_project_id: SINCH_PROJECT, sinch_app_id: 'SA1', region: 'eu', inbound_secret: SINCH_SECRET },
    },
    twilio: { base_url: twilio.url, account_sid: twilio.accountSid, auth_token: twilio.authToken },
  };
  writeFileSync(join(dataDir, 'stand-ins.json'), `${JSON.stringify(shown, null, 2)}\n`, { mode: 0o600 });
  console.log(`Sinch, Twilio and a webhook receiver are played at ${url}; Ctrl-C ends them`);
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
