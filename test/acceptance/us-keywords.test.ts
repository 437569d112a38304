import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_KEYWORDS } from '../../domain/consent/keyword-table.js';
import { buildMatcher, matchText } from '../../domain/consent/keywords.js';
import type { AppState } from '../../domain/settings.js';
import type { MessageReceived } from '../../domain/events/events.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { eachEvent } from '../support/ledger/ledger-file.js';
import { nothingOwed } from '../support/metrics.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { inbound, listed, phone, registerWebhook, send, toCallback } from '../support/story.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// The set US through a running instance: its words move the list whatever stands around them, HELP never does.

const HELP_EN =
  'You get messages from this sender. Reply STOP to end them. Message and data rates may apply.';
const words = DEFAULT_KEYWORDS.US.flatMap(({ cell, words: own }) => own.map((word) => ({ word, cell })));
const around = ['"*."', '  .!', '- -', '(#)'];
const dressed = (word: string, n: number): string => `${around[n % 4] ?? ''}${word.toLowerCase()}…\n`;
const phones = words.map((one, n) => ({
  ...one,
  text: dressed(one.word, n),
  identity: `1202555${String(n).padStart(4, '0')}`,
}));
const OUT = '12025559001';
const LATE = '12025559002';

let instance: Instance;
let receiver: ServerProcess;
const answers = new Map<string, unknown>();

const settings = async (change: object): Promise<void> => {
  const path = `/apps/${instance.appId}/consent-settings`;
  expect(await instance.call('PATCH', path, change)).toMatchObject({ status: 200 });
};

beforeAll(async () => {
  receiver = await startWebhookReceiverProcess();
  instance = await startInstance({ temporal: 'shared' });
  await registerWebhook(instance, receiver.url);
  // Not yet the set US: these are texts like any other.
  for (const [n, text] of ['quit', 'HELP', 'Stop.'].entries()) {
    const before = await inbound(instance, `120255580${String(n)}0`, text);
    expect(before.body.matched).toBeNull();
  }
  await settings({ keyword_sets: ['SINCH', 'US'] });
  for (const { identity, cell, text } of phones) {
    if (cell.direction === 'OPT_IN') await inbound(instance, identity, 'STOP');
    answers.set(identity, (await inbound(instance, identity, text)).body.matched);
  }
  await inbound(instance, OUT, 'o p t - o u t');
  await inbound(instance, OUT, 'Help?');
  await inbound(instance, LATE, 'HELP', { receivedAt: new Date(Date.now() - 301_000).toISOString() });
  await settings({
    help: [
      { language: 'EN', text: 'Shop: call 1-800-555.' },
      { language: 'ES', words: ['AYUDA'] },
    ],
    replies: [{ language: 'EN', list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT', text: 'Shop: bye.' }],
  });
  await inbound(instance, OUT, 'info');
  await inbound(instance, OUT, 'ayuda');
  await send(instance, OUT, 'CONTENT_MARKETING');
  await nothingOwed(instance, 60_000);
}, 180_000);

afterAll(async () => {
  await instance.stop();
  await receiver.stop();
});

const toldOf = async (identity: string): Promise<string[]> =>
  (await phone(instance))
    .filter((one) => one.identity === identity)
    .map(({ kind, text }) => `${kind} ${text}`);

describe('the set US in an instance', () => {
  it('reads each of its words, whatever stands around it', async () => {
    const out = new Set(await listed(instance, 'OPT_OUT_ALL'));
    expect(phones).toHaveLength(13);
    for (const { identity, cell } of phones) {
      const isHelp = cell.direction === 'HELP';
      expect(answers.get(identity)).toEqual(
        isHelp ? null : { list_type: cell.listType, direction: cell.direction, language: cell.language },
      );
      expect([identity, out.has(identity)]).toEqual([identity, cell.direction === 'OPT_OUT']);
    }
    expect(await listed(instance, 'OPT_OUT_MARKETING')).toEqual([]);
  });

  it('answers HELP once each time, also to someone who opted out, in the words of the app and language', async () => {
    for (const { identity, cell } of phones) {
      if (cell.direction === 'HELP') expect(await toldOf(identity)).toEqual([`REPLY ${HELP_EN}`]);
    }
    expect((await toldOf(OUT)).toSorted()).toEqual([
      'REPLY Shop: call 1-800-555.',
      'REPLY Usted recibe mensajes de este remitente. Para no recibirlos, responda SALIR.',
      `REPLY ${HELP_EN}`,
      'REPLY Your request to leave has been accomplished.',
    ]);
    expect(await listed(instance, 'OPT_OUT_ALL')).toContain(OUT);
  });

  it('tells a HELP as an inbound message and its answer as any reply, never as a consent', async () => {
    const callbacks = (await receiver.requests()).map(toCallback);
    const { identity } = phones.find(({ word }) => word === 'HELP') ?? { identity: '' };
    const about = callbacks.filter(({ raw }) => raw.body.includes(identity)).map(({ kind }) => kind);
    expect([...new Set(about)].toSorted()).toEqual([
      'message',
      'message_delivery_report',
      'message_submit_notification',
    ]);
    const audit = await instance.call('GET', `/apps/${instance.appId}/consents/identities/${identity}`);
    expect(audit.body).not.toMatchObject({ audit_records: [expect.anything()] });
  });

  it('lets an answer to HELP expire like every reply', async () => {
    expect(await toldOf(LATE)).toEqual([]);
  });

  it('blocks the next message to whoever left', async () => {
    expect((await toldOf(OUT)).filter((one) => one.startsWith('MESSAGE'))).toEqual([]);
  });
});

describe('what was decided, looked at later', () => {
  it('follows from the text and the settings that the event names', { timeout: 60_000 }, async () => {
    await settings({ keyword_sets: ['SINCH'], help: [] });
    await inbound(instance, OUT, 'cancel');
    await instance.stop();
    const states = new Map<number, AppState>();
    const received: MessageReceived[] = [];
    const ends: unknown[] = [];
    await eachEvent(instance.dataDir, ({ event, stream, revision }) => {
      if (stream.startsWith('app-') && 'state' in event.data)
        states.set(revision, event.data.state as AppState);
      if (event.type === 'message-received') received.push(event);
      if (event.type === 'message-failed') ends.push(event.data.reason);
    });
    const judged = received.map(({ data, personal }) => {
      const consent = states.get(data.appRevision)?.consent;
      if (consent === undefined) throw new Error('no such revision');
      return matchText(buildMatcher(consent), personal?.text);
    });
    expect(received).toHaveLength(23);
    expect(received.map(({ data }) => data.help?.language ?? data.matched)).toEqual(
      judged.map((meaning) => (meaning?.direction === 'HELP' ? meaning.language : meaning)),
    );
    // Under today's settings most of them would be read otherwise.
    expect(judged.filter((meaning) => meaning !== null).length).toBeGreaterThan(15);
    // UNSTOP may overtake the answer to its STOP.
    expect(ends.filter((reason) => reason !== 'superseded')).toEqual(['expired']);
  });
});
