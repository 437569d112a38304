import { expect } from 'vitest';
import { gzipSync } from 'node:zlib';
import { nothingOwed } from '../metrics.js';
import type { Posting } from './sinch-stand-in.js';
import { newSinchApp, type SinchApp, type SinchWorld } from '../../worlds/sinch-world.js';
import { listed } from '../story.js';

/** One odd case, and what becomes of it. */
export interface SinchCase {
  readonly name: string;
  readonly outcome: string;
  run(world: SinchWorld, app: SinchApp): Promise<void>;
}

const RECORDED = { status: 200, body: { result: 'recorded' } };
const REPEATED = { status: 200, body: { result: 'repeated' } };
const IGNORED = { status: 200, body: { result: 'ignored' } };

const onList = ({ instance }: SinchWorld, app: SinchApp) => listed(instance, 'OPT_OUT_ALL', app.appId);

/** Nothing of it is in the ledger: no list, and no callback once everything that is owed has ended. */
async function leavesNoTrace(world: SinchWorld, app: SinchApp): Promise<void> {
  await nothingOwed(world.instance, 20_000);
  expect(await onList(world, app)).toEqual([]);
  for (const kind of ['message', 'opt_out_notification']) expect(app.callbacks(kind)).toEqual([]);
}

const refused = (name: string, status: number, posting: (text: string) => Posting): SinchCase => ({
  name,
  outcome: `${String(status)}, and nothing is written`,
  async run(world, app) {
    const body = app.say('m', 'STOP');
    expect((await world.standIn.post(app, body, posting(JSON.stringify(body)))).status).toBe(status);
    await leavesNoTrace(world, app);
  },
});

const heard = (name: string, posting: (text: string) => Posting, text = 'STOP'): SinchCase => ({
  name,
  outcome: 'counts',
  async run(world, app) {
    const body = app.say('m', text);
    expect(await world.standIn.post(app, body, posting(JSON.stringify(body)))).toEqual(RECORDED);
    expect(await onList(world, app)).toEqual([app.person]);
  },
});

const withoutText = (name: string, contact_message: object): SinchCase => ({
  name,
  outcome: 'is recorded and told as it came, and changes no list',
  async run(world, app) {
    expect(await world.standIn.post(app, app.say('m', '', { contact_message }))).toEqual(RECORDED);
    const told = await app.callback('message');
    expect(told.payload).toMatchObject({
      channel_identity: { identity: app.person },
      sender_id: '12025550100',
    });
    expect(told.payload['contact_message']).toEqual(contact_message);
    expect(await onList(world, app)).toEqual([]);
  },
});

const told = (name: string, text: string): SinchCase => ({
  name,
  outcome: 'reaches the webhook unchanged',
  async run(world, app) {
    expect(await world.standIn.post(app, app.say('m', text))).toEqual(RECORDED);
    expect((await app.callback('message')).payload['contact_message']).toEqual({ text_message: { text } });
  },
});

const ignored = (name: string, payload: object): SinchCase => ({
  name,
  outcome: '200, and nothing is written',
  async run(world, app) {
    const body = { app_id: app.sinchAppId, project_id: app.sinchProjectId, ...payload };
    expect(await world.standIn.post(app, body)).toEqual(IGNORED);
    await leavesNoTrace(world, app);
  },
});

const foreign = (name: string, change: object): SinchCase => ({
  name,
  outcome: '400, and nothing is written',
  async run(world, app) {
    const answer = await world.standIn.post(app, { ...app.say('m', 'STOP'), ...change });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(Object.keys(change)[0]);
    await leavesNoTrace(world, app);
  },
});

const header = (name: string, value?: string): Posting => ({ headers: { [name]: value } });
const SIGNATURE = 'x-sinch-webhook-signature';

export const CALLBACK_CASES: readonly SinchCase[] = [
  {
    name: 'the same message three times, one after another and at once',
    outcome: 'one message, one change, one reply',
    async run(world, app) {
      const body = app.say('m', 'STOP');
      expect(await world.standIn.post(app, body)).toEqual(RECORDED);
      expect(await world.standIn.post(app, body)).toEqual(REPEATED);
      const [one, other] = await Promise.all([world.standIn.post(app, body), world.standIn.post(app, body)]);
      expect([one, other]).toEqual([REPEATED, REPEATED]);
      await app.sent(1);
      await nothingOwed(world.instance, 20_000);
      expect(world.standIn.sends(app)).toHaveLength(1);
      expect(app.callbacks('message')).toHaveLength(1);
      expect(app.callbacks('opt_out_notification')).toHaveLength(1);
    },
  },
  {
    name: 'a START that is replayed after a STOP, its signature still fresh',
    outcome: 'a repeat: the STOP stands',
    async run(world, app) {
      const start = app.say('m-1', 'START');
      await world.standIn.post(app, start);
      await world.standIn.post(app, app.say('m-2', 'STOP'));
      expect(await world.standIn.post(app, start)).toEqual(REPEATED);
      expect(await onList(world, app)).toEqual([app.person]);
    },
  },
  {
    name: 'the same id with another text',
    outcome: 'a new message: the STOP counts',
    async run(world, app) {
      expect(await world.standIn.post(app, app.say('m', 'hello'))).toEqual(RECORDED);
      expect(await world.standIn.post(app, app.say('m', 'STOP'))).toEqual(RECORDED);
      expect(await onList(world, app)).toEqual([app.person]);
    },
  },
  {
    name: 'a STOP that was written before a START that came first',
    outcome: 'the order of arrival counts',
    async run(world, app) {
      await world.standIn.post(app, app.say('m-2', 'START'));
      const earlier = { ...app.say('m-1', 'STOP'), event_time: '2026-01-01T00:00:00Z' };
      expect(await world.standIn.post(app, earlier)).toEqual(RECORDED);
      expect(await onList(world, app)).toEqual([app.person]);
    },
  },
  refused('another secret', 401, () => ({ secret: 'guessed' })),
  refused('an empty secret', 401, () => ({ secret: '' })),
  refused('an altered body', 401, (text) => ({ bytes: text.replace('STOP', 'STOP '), signed: text })),
  refused('a signature of 301 seconds ago', 401, () => ({ ageS: 302 })),
  refused('a signature of the future', 401, () => ({ ageS: -302 })),
  refused('no signature', 401, () => header(SIGNATURE)),
  refused('no nonce', 401, () => header(`${SIGNATURE}-nonce`)),
  refused('no timestamp', 401, () => header(`${SIGNATURE}-timestamp`)),
  refused('a timestamp that was not signed', 401, () =>
    header(`${SIGNATURE}-timestamp`, String(Math.floor(Date.now() / 1000) - 1)),
  ),
  refused('an algorithm that we do not know', 401, () => header(`${SIGNATURE}-algorithm`, 'HmacSHA512')),
  refused('a compressed body', 400, (text) => ({
    bytes: gzipSync(text),
    headers: { 'content-encoding': 'gzip' },
  })),
  refused('half a JSON', 400, (text) => ({ bytes: text.slice(0, -1) })),
  refused('no body', 400, () => ({ bytes: '' })),
  refused('a body of more than a mebibyte', 413, () => ({ bytes: 'x'.repeat(1_048_577) })),
  refused('100,000 arrays in each other', 400, () => ({ bytes: '['.repeat(100_000) + ']'.repeat(100_000) })),
  heard('a signature of four minutes ago', () => ({ ageS: 240 })),
  heard('no header that names the algorithm', () => header(`${SIGNATURE}-algorithm`)),
  heard('no content type', () => header('content-type')),
  heard('another content type', () => header('content-type', 'text/plain; charset=us-ascii')),
  heard('a body with white space', (text) => ({ bytes: JSON.stringify(JSON.parse(text), null, 4) })),
  heard('a body with a byte order mark', (text) => ({ bytes: `\ufeff${text}` })),
  heard('a body with escapes', (text) => ({ bytes: text.replace('STOP', '\\u0053TOP') })),
  heard('a keyword in decomposed characters', () => ({}), 'SALIR'.normalize('NFD')),
  heard('keys that nobody knows yet', (text) => ({
    bytes: text.replace('{', '{"a_new_key":{"b":[1]},"__proto__":1,'),
  })),
  told('a text of emoji and other scripts', '🛑 стоп 停 توقف'),
  told('an empty text', ''),
  told('a text of 60,000 characters', 'å'.repeat(20_000)),
  withoutText('a picture', { media_message: { url: 'https://media.example/a.jpg' } }),
  withoutText('a picture with STOP for a caption', {
    media_card_message: { url: 'https://m.example/a', caption: 'STOP' },
  }),
  withoutText('a pressed button that says STOP', {
    choice_response_message: { message_id: 'm', postback_data: 'STOP' },
  }),
  withoutText('a place', { location_message: { title: 'STOP', coordinates: { latitude: 1, longitude: 1 } } }),
  withoutText('a content that nobody knows yet', { hologram_message: { text: 'STOP' } }),
  ignored('a trigger that nobody knows yet', { telepathy_notification: { text: 'STOP' } }),
  ignored('an OPT_OUT of Sinch’s own', {
    opt_out_notification: { identity: '46700000001', channel: 'VIBERBM' },
  }),
  ignored('a MESSAGE_SUBMIT', { message_submit_notification: { message_id: '01SX' } }),
  foreign('another app of Sinch', { app_id: 'SA-other' }),
  foreign('another project of Sinch', { project_id: 'other' }),
  {
    name: 'a sender spelled with blanks and a plus',
    outcome: 'is the number that every send means',
    async run(world, app) {
      const digits = app.person;
      const identity = `+${digits.slice(0, 2)} ${digits.slice(2, 5)}-${digits.slice(5)}`;
      const body = app.say('m', 'STOP', { channel_identity: { channel: 'SMS', identity, app_id: '' } });
      expect(await world.standIn.post(app, body)).toEqual(RECORDED);
      expect(await onList(world, app)).toEqual([digits]);
    },
  },
  {
    name: 'a callback of one app at the address of another',
    outcome: '401, and nothing is written in either',
    async run(world, app) {
      const other = await newSinchApp(world);
      const astray = { ...app, target: other.target };
      expect((await world.standIn.post(astray, app.say('m', 'STOP'))).status).toBe(401);
      await leavesNoTrace(world, app);
      await leavesNoTrace(world, other);
    },
  },
  {
    name: 'a secret that is rotated while messages come in',
    outcome: 'both count until the old one is taken away',
    async run(world, app) {
      const change = (patch: object) =>
        world.instance.call('PATCH', `/apps/${app.appId}/channel-settings`, patch);
      await change({ inbound_secret: 'the next one' });
      expect(await world.standIn.post(app, app.say('m-1', 'STOP'))).toEqual(RECORDED);
      const next = { secret: 'the next one' };
      expect(await world.standIn.post(app, app.say('m-1', 'STOP'), next)).toEqual(REPEATED);
      await change({ previous_inbound_secret: null });
      expect((await world.standIn.post(app, app.say('m-2', 'START'))).status).toBe(401);
      expect(await onList(world, app)).toEqual([app.person]);
      expect(await world.standIn.post(app, app.say('m-2', 'START'), next)).toEqual(RECORDED);
      expect(await onList(world, app)).toEqual([]);
    },
  },
];
