import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_KEYWORDS } from '../../domain/consent/keyword-table.js';
import { LIST_TYPES } from '../../domain/lists.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { nothingOwed } from '../support/metrics.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { inbound, listed, phone, registerWebhook, toCallback } from '../support/story.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// Every default keyword in three languages, in odd case and spacing, does its one thing and nothing else.

const REPLIES: Readonly<Record<string, string>> = {
  'EN OPT_OUT': 'Your request to leave has been accomplished.',
  'EN OPT_IN': 'Your request to get back has been accomplished.',
  'ES OPT_OUT': 'Su solicitud de salida se ha cumplido.',
  'ES OPT_IN': 'Su solicitud de regreso ha sido concedida.',
  'PT OPT_OUT': 'Seu pedido de saída foi atendido.',
  'PT OPT_IN': 'Seu pedido de voltar foi atendido.',
};

const odd = (word: string, n: number): string => {
  const cased = [...word].map((letter, at) =>
    (at + n) % 2 === 0 ? letter.toLowerCase() : letter.toUpperCase(),
  );
  const spaced = cased.join('').replaceAll(' ', n % 2 === 0 ? ' \u00a0 ' : '\t ');
  return `\u2003${n % 3 === 0 ? spaced.normalize('NFD') : spaced}\r\n `;
};
const cases = DEFAULT_KEYWORDS.SINCH.flatMap(({ words, cell }) =>
  words.map((word) => ({ ...cell, word })),
).map((one, n) => ({ ...one, n, text: odd(one.word, n), identity: `46701${String(n).padStart(6, '0')}` }));

let instance: Instance;
let receiver: ServerProcess;
const matched = new Map<string, unknown>();

beforeAll(async () => {
  receiver = await startWebhookReceiverProcess();
  instance = await startInstance({ temporal: 'shared' });
  await registerWebhook(instance, receiver.url, { triggers: ['OPT_IN', 'OPT_OUT'] });
  for (const { direction, identity, text } of cases) {
    // An opt-in shows what it clears only where there is something to clear.
    if (direction === 'OPT_IN') {
      for (const list of ['', ' MARKETING', ' NOTIFICATION'])
        await inbound(instance, identity, `STOP${list}`);
    }
    matched.set(identity, (await inbound(instance, identity, text)).body.matched);
  }
  await nothingOwed(instance, 60_000);
}, 180_000);

afterAll(async () => {
  await instance.stop();
  await receiver.stop();
});

describe('default keywords', () => {
  it('are 54, and each is read as its cell', () => {
    expect(cases).toHaveLength(54);
    for (const { identity, listType, direction, language } of cases) {
      expect(matched.get(identity)).toEqual({ list_type: listType, direction, language });
    }
  });

  it('move their own list only', async () => {
    for (const list of LIST_TYPES) {
      const on = new Set(await listed(instance, list));
      const wrong = cases.filter(({ identity, listType, direction }) => {
        const wanted = direction === 'OPT_OUT' ? listType === list : listType !== list;
        return on.has(identity) !== wanted;
      });
      expect(wrong).toEqual([]);
    }
  });

  it('are answered in their language, from the number that was written to', async () => {
    const replies = await phone(instance);
    for (const { identity, language, direction } of cases) {
      // Replies to the opt-outs before an opt-in may be handed over after its own.
      const own = replies.filter((one) => one.identity === identity).map(({ text }) => text);
      expect(own).toContain(REPLIES[`${language} ${direction}`]);
      if (direction === 'OPT_OUT') expect(own).toHaveLength(1);
    }
  });

  it('fire one callback that names the list', async () => {
    const callbacks = (await receiver.requests()).map(toCallback);
    for (const { identity, listType, direction } of cases) {
      const kind = direction === 'OPT_OUT' ? 'opt_out_notification' : 'opt_in_notification';
      const own = callbacks.filter((one) => one.kind === kind && one.payload['identity'] === identity);
      expect(own.map(({ body }) => JSON.parse(String(body['message_metadata'])) as unknown)).toEqual([
        { list_type: listType },
      ]);
    }
  });
});

describe('texts that only contain a keyword', () => {
  it.each([
    'stop now please',
    'STOP.',
    '"STOP"',
    'S T O P',
    'STOPP',
    'please STOP',
    'STOP\nSTOP',
    'NOTIFICACION',
    '',
  ])('%j changes nothing', async (text) => {
    const answer = await inbound(instance, '46701999999', text);
    expect(answer.body.matched).toBeNull();
  });
});
