import type { Instance } from '../instance/instance.js';
import { FOREIGN, KEY, NATIONAL, phoneOf, PLAIN, WRONG_SECRET } from '../../worlds/marked-world.js';
import { basic, rawRequest, type RawRequest } from '../http/raw-http.js';

const PHONE = phoneOf(7);
const QUERY_KEY = encodeURIComponent(KEY);
const TEXT = encodeURIComponent(FOREIGN);
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** Requests that hold marks where none belong; `path` from the project on, or from the host on after `//`. */
function requests({ appId, keyId }: Instance): RawRequest[] {
  const inbound = (body: unknown, headers: Record<string, string> = json): RawRequest => ({
    ...{ method: 'POST', path: `/apps/${appId}/inbound/generic`, headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const good = { message_id: 'p', channel: 'SMS', identity: PHONE, sender: '1', text: PLAIN };
  const send = (change: object): RawRequest => ({
    ...{ method: 'POST', path: '/messages:send', headers: json },
    body: JSON.stringify({ app_id: appId, message: { text_message: { text: PLAIN } }, ...change }),
  });
  const to = (channel: string, identity: unknown): object => ({
    recipient: { identified_by: { channel_identities: [{ channel, identity }] } },
  });
  const get = (path: string, headers: Record<string, string> = {}): RawRequest => ({
    ...{ method: 'GET', path, headers },
  });
  return [
    inbound({ ...good, [KEY]: PHONE }),
    inbound({ ...good, channel: PHONE }),
    inbound({ ...good, text: { [KEY]: FOREIGN } }),
    inbound({ ...good, received_at: PHONE }),
    inbound({ ...good, identity: `${PHONE}${'x'.repeat(128)}` }),
    inbound(`{"identity":"${PHONE}","text":"${FOREIGN}`),
    inbound(good, { 'content-type': PHONE }),
    inbound(`${' '.repeat(1_100_000)}${JSON.stringify(good)}`),
    send(to('SMS', NATIONAL)),
    send(to('SMS', PLAIN)),
    send(to(PHONE, PHONE)),
    send({ ...to('SMS', PHONE), app_id: PHONE }),
    send({ ...to('SMS', PHONE), message_content_type: FOREIGN }),
    send({ ...to('SMS', PHONE), ttl: `${PHONE}x` }),
    send({ ...to('SMS', PHONE), message: { [KEY]: { text: PLAIN } } }),
    send({ ...to('SMS', PHONE), callback_url: `ftp://${PHONE}.example/${FOREIGN}` }),
    send({ recipient: { contact_id: PHONE } }),
    get(`/apps/${PHONE}`),
    get(`/apps/${appId}/consents/${PHONE}`),
    get(`/apps/${appId}/consents/OPT_OUT_ALL?page_token=${PHONE}&${QUERY_KEY}=${TEXT}`),
    get(`/apps/${appId}/consents/OPT_OUT_ALL?page_size=-${PHONE}`),
    get(`/apps/${appId}/consents/identities/${PHONE}${'x'.repeat(4_000)}`),
    get(`/apps/${appId}/consents/identities/${PHONE}/standing?at=${TEXT}`),
    get(`/messages/${PHONE}`),
    get(`/webhooks/${PHONE}`),
    get(`/${TEXT}/${PHONE}`),
    get(`//v1/projects/${PHONE}/apps`),
    get(`//${PHONE}?text=${TEXT}`),
    get(`//v1/projects/%zz${PHONE}`),
    { ...get(`/apps/${appId}/consents/identities/${PHONE}`), method: 'DELETE' },
    { ...get('/apps'), method: 'PATCH', headers: json, body: JSON.stringify({ [KEY]: PHONE }) },
    {
      ...{ method: 'PATCH', path: `/apps/${appId}/consent-settings`, headers: json },
      body: JSON.stringify({ mode: PHONE, [KEY]: FOREIGN }),
    },
    {
      ...{ method: 'POST', path: '/consents', headers: json },
      body: JSON.stringify({ app_id: appId, consent_records: [{ identification: NATIONAL }] }),
    },
    {
      ...{ method: 'POST', path: `/apps/${appId}/consents:record`, headers: json },
      body: JSON.stringify({ records: [{ identity: NATIONAL, reason: PLAIN, list_type: PHONE }] }),
    },
    {
      ...{ method: 'POST', path: `/apps/${appId}/consents:check`, headers: json },
      body: JSON.stringify({ identity: NATIONAL, at: FOREIGN }),
    },
    {
      ...{ method: 'POST', path: `/apps/${appId}/inbound/sinch` },
      headers: { ...json, 'x-sinch-webhook-signature': WRONG_SECRET },
      body: JSON.stringify({ message: { text: PLAIN, identity: PHONE } }),
    },
    {
      ...{ method: 'POST', path: `/apps/${appId}/inbound/twilio?who=${PHONE}` },
      headers: { ...form, 'x-twilio-signature': WRONG_SECRET },
      body: String(new URLSearchParams({ From: PHONE, Body: FOREIGN })),
    },
    get('/apps', { authorization: basic(keyId, WRONG_SECRET) }),
    get('/apps', { authorization: basic(PHONE, WRONG_SECRET) }),
    get('/apps', { authorization: `Bearer ${WRONG_SECRET}` }),
    get('/apps', { authorization: WRONG_SECRET }),
    {
      ...{ method: 'POST', path: '//oauth2/token', headers: { ...form, authorization: '' } },
      body: `grant_type=client_credentials&client_id=${keyId}&client_secret=${WRONG_SECRET}`,
    },
    {
      method: 'POST',
      path: '//oauth2/token',
      headers: form,
      body: `grant_type=${WRONG_SECRET}&${QUERY_KEY}=1`,
    },
    { method: `M-${WRONG_SECRET}`, path: `/${PHONE}` },
  ];
}

/** Sends them all. @returns what was answered, headers too. @throws when some are not refused */
export async function askBadly(instance: Instance): Promise<string[]> {
  const answers: string[] = [];
  const taken: string[] = [];
  for (const { path, headers = {}, ...request } of requests(instance)) {
    const { status, rawHeaders, text } = await rawRequest(instance.url, {
      ...request,
      path: path.startsWith('//') ? path.slice(1) : `${instance.base}${path}`,
      headers: { authorization: basic(instance.keyId, instance.keySecret), ...headers },
    });
    answers.push(`${rawHeaders.join('\n')}\n${text}`);
    const asked = `${request.method} ${path} ${request.body?.toString().slice(0, 300) ?? ''}`;
    if (status < 400 || (status > 499 && status !== 501)) taken.push(`${String(status)}: ${asked}`);
  }
  if (taken.length > 0) throw new Error(taken.join('\n'));
  return answers;
}
