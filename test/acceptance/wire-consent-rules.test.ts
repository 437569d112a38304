import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import {
  inbound,
  listed,
  phone,
  registerWebhook,
  send,
  toCallback,
  type Callback,
} from '../support/story.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';
import { settled, wireOf, type Wire } from '../support/http/wire.js';

const PERSON = '46701100001';
const OTHER = '46701100002';
const LISTS = ['OPT_OUT_ALL', 'OPT_OUT_MARKETING', 'OPT_OUT_NOTIFICATION'] as const;
const LEFT = 'Your request to leave has been accomplished.';
const BACK = 'Your request to get back has been accomplished.';

let instance: Instance;
let wire: Wire;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let appId: string;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance({ temporal: 'shared' });
  wire = wireOf(instance);
});
beforeEach(async () => {
  appId = await wire.newApp();
  await registerWebhook(instance, `${receiver.url}/${appId}`, { app_id: appId });
});
afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

const write = async (...texts: string[]): Promise<void> => {
  for (const text of texts) await inbound(instance, PERSON, text, { appId });
};
const setConsent = (change: object) => instance.call('PATCH', `/apps/${appId}/consent-settings`, change);
/** The lists that the person is on. */
async function standing(): Promise<string[]> {
  const found = await Promise.all(
    LISTS.map(async (list) => [list, await listed(instance, list, appId)] as const),
  );
  return found.flatMap(([list, people]) => (people.includes(PERSON) ? [list] : []));
}
async function operations(): Promise<string[]> {
  const { body } = await instance.call<{ audit_records: { operation: string; list_type: string }[] }>(
    'GET',
    `/apps/${appId}/consents/identities/${PERSON}`,
  );
  return body.audit_records.map(({ operation, list_type: list }) => `${operation} ${list}`);
}
const callbacks = (): Callback[] =>
  receiver.requests.filter(({ path }) => path === `/${appId}`).map(toCallback);
const kinds = (): string[] => callbacks().map(({ kind }) => kind);
const replies = async (): Promise<string[]> =>
  (await phone(instance, appId)).filter(({ kind }) => kind === 'REPLY').map(({ text }) => text);
/** Sends and says what became of it. */
async function outcome(more: object = {}): Promise<'delivered' | 'blocked'> {
  const { status, body } = await send(instance, PERSON, 'CONTENT_MARKETING', { app_id: appId, ...more });
  expect(status).toBe(200);
  await settled(instance);
  const reports = callbacks().filter(({ payload }) => payload['message_id'] === body.message_id);
  const codes = reports.map(({ payload }) => (payload['reason'] as { code?: string } | undefined)?.code);
  const arrived = (await phone(instance, appId)).some(({ message_id: id }) => id === body.message_id);
  expect(arrived).toBe(!codes.includes('RECIPIENT_NOT_OPTED_IN'));
  return arrived ? 'delivered' : 'blocked';
}

describe('the mode of an app', () => {
  it('PRIMARY blocks at once, and still sends the confirmation', async () => {
    await write('STOP');
    expect(await outcome()).toBe('blocked');
    expect(await replies()).toEqual([LEFT]);
  });

  it('SECONDARY blocks nothing; lists, audit, replies and callbacks are kept', async () => {
    await setConsent({ mode: 'SECONDARY' });
    await write('STOP');
    expect(await outcome()).toBe('delivered');
    expect(await standing()).toEqual(['OPT_OUT_ALL']);
    expect(await operations()).toEqual(['OPERATION_INSERT OPT_OUT_ALL']);
    expect(await replies()).toEqual([LEFT]);
    expect(kinds().filter((kind) => kind === 'opt_out_notification')).toHaveLength(1);
  });

  it('changed to PRIMARY enforces what was written before, at once', async () => {
    await setConsent({ mode: 'SECONDARY' });
    await write('STOP MARKETING');
    expect(await outcome()).toBe('delivered');
    await setConsent({ mode: 'PRIMARY' });
    expect(await outcome()).toBe('blocked');
  });

  it('switched off passes messages on, freezes the lists and blocks nothing', async () => {
    await write('STOP');
    await settled(instance);
    await setConsent({ enabled: false });
    await write('START', 'STOP MARKETING');
    expect(await outcome()).toBe('delivered');
    expect(await standing()).toEqual(['OPT_OUT_ALL']);
    expect(await replies()).toEqual([LEFT]);
    expect(kinds().filter((kind) => kind === 'message')).toHaveLength(3);
    expect(kinds().filter((kind) => kind.startsWith('opt_'))).toHaveLength(1);
    await setConsent({ enabled: true });
    expect(await outcome()).toBe('blocked');
  });
});

describe('an opt-out', () => {
  it('from ALL goes on no other list', async () => {
    await write('STOP');
    expect(await standing()).toEqual(['OPT_OUT_ALL']);
    expect(await operations()).toEqual(['OPERATION_INSERT OPT_OUT_ALL']);
  });

  it('that is repeated is told again, is an UPDATE and gets no second reply', async () => {
    await write('STOP', 'stop', ' Stop ');
    await settled(instance);
    expect(await operations()).toEqual([
      'OPERATION_INSERT OPT_OUT_ALL',
      'OPERATION_UPDATE OPT_OUT_ALL',
      'OPERATION_UPDATE OPT_OUT_ALL',
    ]);
    expect(kinds().filter((kind) => kind === 'opt_out_notification')).toHaveLength(3);
    expect(await replies()).toEqual([LEFT]);
  });

  it('of one identity blocks a send to several as a whole', async () => {
    await write('STOP');
    const both = [OTHER, PERSON].map((identity) => ({ channel: 'SMS', identity }));
    expect(await outcome({ recipient: { identified_by: { channel_identities: both } } })).toBe('blocked');
    const others = [{ channel: 'SMS', identity: OTHER }];
    expect(await outcome({ recipient: { identified_by: { channel_identities: others } } })).toBe('delivered');
  });

  it('on one channel holds on all, and in its app only', async () => {
    await wire.write(appId, 'WHATSAPP', `+${PERSON}`, 'STOP');
    expect(await outcome()).toBe('blocked');
    const stopped = appId;
    appId = await wire.newApp();
    await registerWebhook(instance, `${receiver.url}/${appId}`, { app_id: appId });
    expect(await outcome()).toBe('delivered');
    expect(await listed(instance, 'OPT_OUT_ALL', stopped)).toEqual([PERSON]);
  });
});

describe('an opt-in', () => {
  it('to ALL leaves the other lists as they are', async () => {
    await write('STOP', 'STOP MARKETING', 'STOP NOTIFICATION', 'START');
    expect(await standing()).toEqual(['OPT_OUT_MARKETING', 'OPT_OUT_NOTIFICATION']);
    expect(await outcome()).toBe('blocked');
  });

  it('to ALL clears all three where the app says so', async () => {
    await setConsent({ start_clears_all: true });
    await write('STOP', 'STOP MARKETING', 'STOP NOTIFICATION', 'START');
    expect(await standing()).toEqual([]);
    expect(await outcome()).toBe('delivered');
  });

  it('to MARKETING takes off that list only: who is on ALL stays blocked', async () => {
    await write('STOP', 'STOP MARKETING', 'START MARKETING');
    expect(await standing()).toEqual(['OPT_OUT_ALL']);
    expect((await operations()).at(-1)).toBe('OPERATION_DELETE OPT_OUT_MARKETING');
    expect(await outcome()).toBe('blocked');
  });

  it('of someone on no list is told and answered, and writes no audit record', async () => {
    await write('START');
    await settled(instance);
    expect(kinds().filter((kind) => kind === 'opt_in_notification')).toHaveLength(1);
    expect(await replies()).toEqual([BACK]);
    expect(await operations()).toEqual([]);
    expect(await standing()).toEqual([]);
  });

  it('is answered at most once a minute', async () => {
    await write('START', 'START', 'START MARKETING');
    await settled(instance);
    expect(await replies()).toEqual([BACK]);
    expect(kinds().filter((kind) => kind === 'opt_in_notification')).toHaveLength(3);
  });
});

describe('a confirmation', () => {
  it('leaves by the same channel, from the number that was written to, and is told of as any message', async () => {
    await instance.call('POST', `/apps/${appId}/inbound/generic`, {
      message_id: 'p',
      channel: 'WHATSAPP',
      identity: PERSON,
      sender: '12025550177',
      text: 'SALIR',
    });
    await settled(instance);
    const [reply] = await phone(instance, appId);
    expect(reply).toMatchObject({
      kind: 'REPLY',
      identity: PERSON,
      text: 'Su solicitud de salida se ha cumplido.',
    });
    const { body } = await instance.call('GET', `/messages/${reply?.message_id ?? ''}`);
    expect(body).toMatchObject({ sender_id: '12025550177', channel_identity: { channel: 'WHATSAPP' } });
    const about = callbacks().filter(({ payload }) => payload['message_id'] === reply?.message_id);
    const told = about.map(({ kind, payload }) => [kind, payload['status']]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['message_submit_notification', undefined],
        ['message_delivery_report', 'QUEUED_ON_CHANNEL'],
        ['message_delivery_report', 'DELIVERED'],
      ]),
    );
    expect(told).toHaveLength(3);
  });

  it('is not sent where the app says so', async () => {
    await setConsent({ auto_reply: false });
    await write('STOP', 'START');
    await settled(instance);
    expect(await phone(instance, appId)).toEqual([]);
  });
});

describe('HELP, and a keyword among other words', () => {
  it.each(['HELP', 'INFO', 'STOP now please', 'STOP.', 'please stop', 'NOTIFICACION'])(
    'passes through: %s',
    async (text) => {
      await write(text);
      await settled(instance);
      expect(kinds()).toEqual(['message']);
      expect(await phone(instance, appId)).toEqual([]);
      expect(await standing()).toEqual([]);
    },
  );
});

describe('a change by API', () => {
  it('fires callbacks only where the app says so', async () => {
    const insert = (identification: string) =>
      instance.call('POST', '/consents', { app_id: appId, consent_records: [{ identification }] });
    await insert(PERSON);
    await settled(instance);
    expect(kinds()).toEqual([]);
    await setConsent({ callback_on_api: true });
    await insert(OTHER);
    await settled(instance);
    expect(callbacks().map(({ kind, payload }) => [kind, payload['identity']])).toEqual([
      ['opt_out_notification', OTHER],
    ]);
    expect(await phone(instance, appId)).toEqual([]);
  });
});
