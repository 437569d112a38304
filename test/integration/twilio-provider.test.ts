import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../domain/events/events.js';
import type { Delivery } from '../support/twilio/twilio-stand-in.js';
import { PUBLIC_URL, twilioWorld, type TwilioWorld } from '../worlds/twilio-world.js';

// Twilio's webhooks of incoming messages against its stand-in, over HTTP: what comes in odd, and what becomes of it.

let world: TwilioWorld;
let failing = false;
beforeAll(async () => {
  world = await twilioWorld((ledger) => ({
    ...ledger,
    append: async (...args) => {
      if (failing) throw Object.assign(new Error('full'), { name: 'LedgerUnavailable' });
      return ledger.append(...args);
    },
  }));
});
afterAll(() => world.close());

let phones = 0;
const nextPhone = (): string => `1202555${String((phones += 1)).padStart(4, '0')}`;
const SID = 'SM99000000000000000000000000000000';
const port = (url: string, written: string): string => url.replace('sms.example:8443', written);

/** One event in words; the phone itself is left out. */
function told({ type, data, ...event }: LedgerEvent): string {
  if (type !== 'message-received') return `${type} ${'listType' in data ? data.listType : ''}`;
  const { channel, providerOptOut } = data as { channel: string; providerOptOut?: string };
  const { text } = (event as { personal: { text?: string } }).personal;
  return ['received', channel, JSON.stringify(text) ?? '-', providerOptOut].filter(Boolean).join(' ');
}

interface Odd {
  readonly fixture?: Parameters<TwilioWorld['twilio']['receive']>[0];
  readonly params?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly delivery?: () => Delivery;
  /** Texts that came before. */
  readonly before?: readonly string[];
  readonly from?: (phone: string) => string;
  /** Who it is recorded for. */
  readonly as?: (phone: string) => string;
  readonly times?: number;
}

const huge = 'x'.repeat(2 * 1_048_576);
const many = Object.fromEntries(
  Array.from({ length: 300 }, (_, i) => [`New${String(i)}`, `value ${String(i)}`]),
);
const own = { token: 'a-token-of-somebody-else' };

/** Case → answer and what the ledger then holds of it. */
const CASES: readonly (readonly [name: string, outcome: string, odd: Odd])[] = [
  ['STOP', '200: received SMS "STOP", opted-out OPT_OUT_ALL', {}],
  [
    'STOP in spaces and other letters',
    '200: received SMS " sToP ", opted-out OPT_OUT_ALL',
    { params: { Body: ' sToP ' } },
  ],
  [
    'START after STOP',
    '200: received SMS "START", opted-in OPT_OUT_ALL',
    { before: ['STOP'], params: { Body: 'START' } },
  ],
  [
    'STOP that Twilio marked',
    '200: received SMS "STOP" STOP, opted-out OPT_OUT_ALL',
    { fixture: 'inbound-opt-out' },
  ],
  [
    'START that Twilio marked',
    '200: received SMS "START" START, opted-in OPT_OUT_ALL',
    { fixture: 'inbound-opt-out', before: ['STOP'], params: { Body: 'START', OptOutType: 'START' } },
  ],
  [
    'HELP that Twilio marked',
    '200: received SMS "HELP" HELP',
    { fixture: 'inbound-opt-out', params: { Body: 'HELP', OptOutType: 'HELP' } },
  ],
  [
    'a word that only Twilio takes for STOP: recorded, our lists stand',
    '200: received SMS "ARRET" STOP',
    { fixture: 'inbound-opt-out', params: { Body: 'ARRET' } },
  ],
  [
    'a mark that is not documented',
    '200: received SMS "x"',
    { params: { Body: 'x', OptOutType: 'toString' } },
  ],
  [
    'WhatsApp',
    '200: received WHATSAPP "STOP", opted-out OPT_OUT_ALL',
    { fixture: 'inbound-whatsapp', from: (phone) => `whatsapp:+${phone}` },
  ],
  ['RCS', '200: received RCS "STOP", opted-out OPT_OUT_ALL', { from: (phone) => `rcs:+${phone}` }],
  ['media without words', '200: received SMS -', { fixture: 'inbound-mms' }],
  [
    'media under the word STOP',
    '200: received SMS "STOP", opted-out OPT_OUT_ALL',
    { fixture: 'inbound-mms', params: { Body: 'STOP' } },
  ],
  ['an empty text', '200: received SMS ""', { params: { Body: '' } }],
  ['no text at all', '200: received SMS -', { params: { Body: null } }],
  ['letters of everywhere', '200: received SMS "你好 🙂 ñ&=+%25;"', { params: { Body: '你好 🙂 ñ&=+%25;' } }],
  [
    'an alphanumeric sender',
    '200: received SMS "hi"',
    { params: { Body: 'hi' }, from: () => 'MyBank', as: () => 'MyBank' },
  ],
  [
    'a short code',
    '200: received SMS "hi"',
    { params: { Body: 'hi' }, from: () => '72345', as: () => '72345' },
  ],
  ['many new parameters', '200: received SMS "hi"', { params: { ...many, Body: 'hi' } }],
  ['a parameter three times', '200: received SMS "hi"', { params: { Body: 'hi', Tag: ['b', 'a', 'b'] } }],
  ['the older name of the id', '200: received SMS "hi"', { params: { Body: 'hi', MessageSid: null } }],
  [
    'a query in the URL',
    '200: received SMS "hi"',
    { params: { Body: 'hi' }, delivery: () => ({ url: `${world.webhook}?a=1&b=%20` }) },
  ],
  [
    'signed without the port',
    '200: received SMS "hi"',
    { params: { Body: 'hi' }, delivery: () => ({ signedUrl: port(world.webhook, 'sms.example') }) },
  ],
  [
    'delivered twice',
    '200: received SMS "hi", nothing',
    { params: { Body: 'hi', MessageSid: SID }, times: 2 },
  ],
  [
    'its id again with another text',
    '200: received SMS "STOP", opted-out OPT_OUT_ALL',
    { params: { MessageSid: SID }, before: ['hi'] },
  ],
  [
    'signed for another port',
    '401: nothing',
    { delivery: () => ({ signedUrl: port(world.webhook, 'sms.example:9') }) },
  ],
  [
    'signed for another host',
    '401: nothing',
    { delivery: () => ({ signedUrl: port(world.webhook, 'sms.test:8443') }) },
  ],
  [
    'signed for another app',
    '401: nothing',
    { delivery: () => ({ signedUrl: world.webhook.replace(world.appId, 'app2') }) },
  ],
  [
    'signed for http',
    '401: nothing',
    { delivery: () => ({ signedUrl: world.webhook.replace('https:', 'http:') }) },
  ],
  ['signed by somebody else', '401: nothing', { delivery: () => own }],
  [
    'signed over another text',
    '401: nothing',
    { delivery: () => ({ signedForm: new URLSearchParams({ Body: 'hi' }) }) },
  ],
  ['no signature', '401: nothing', { delivery: () => ({ signature: null }) }],
  ['a signature that is none', '401: nothing', { delivery: () => ({ signature: '' }) }],
  [
    'JSON',
    '400 content-type: nothing',
    { delivery: () => ({ contentType: 'application/json', body: '{"Body":"STOP"}' }) },
  ],
  [
    'an empty body',
    '400 MessageSid: nothing',
    { delivery: () => ({ body: '', signedForm: new URLSearchParams() }) },
  ],
  ['no sender', '400 From: nothing', { params: { From: null } }],
  ['a sender of 129 characters', '400 From: nothing', { params: { From: 'x'.repeat(129) } }],
  ['a text of 65,537 characters', '400 Body: nothing', { params: { Body: 'x'.repeat(65_537) } }],
  ['a body of 2 MiB', '413: nothing', { params: { Body: huge } }],
];

describe('incoming messages', () => {
  it.each(CASES)('%s → %s', async (_, outcome, odd) => {
    const phone = nextPhone();
    const { fixture = 'inbound-sms', params = {}, delivery, before = [], times = 1 } = odd;
    const From = odd.from?.(phone) ?? `+${phone}`;
    const identity = odd.as?.(phone) ?? phone;
    for (const Body of before)
      await world.twilio.receive('inbound-sms', {
        From,
        Body,
        ...(params['MessageSid'] ? { MessageSid: params['MessageSid'] } : {}),
      });
    const said: string[] = [];
    for (let time = 0; time < times; time++) {
      const from = (await world.contactEvents(identity)).length;
      const answer = await world.twilio.receive(fixture, { From, ...params }, delivery?.());
      const events = (await world.contactEvents(identity)).slice(from);
      said.push(`${wordsOf(answer)}: ${events.map(told).join(', ') || 'nothing'}`);
    }
    expect(said.join(', ').replace(/, 200: /u, ', ')).toBe(outcome);
  });
});

/** The status, and the parameter that a refusal names; 200 is always empty TwiML. */
function wordsOf({
  status,
  contentType,
  text,
}: Awaited<ReturnType<TwilioWorld['twilio']['receive']>>): string {
  if (status === 200) {
    expect([contentType, text]).toEqual([
      'text/xml; charset=utf-8',
      '<?xml version="1.0" encoding="UTF-8"?><Response/>',
    ]);
    return '200';
  }
  const { error } = JSON.parse(text) as { error: { message: string } };
  return status === 400 ? `400 ${error.message.split(':')[0] ?? ''}` : String(status);
}

describe('the way in', () => {
  it('takes five deliveries of one message at once for one', async () => {
    const From = `+${nextPhone()}`;
    const params = { From, Body: 'STOP', MessageSid: 'SM99000000000000000000000000000001' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => world.twilio.receive('inbound-sms', params)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await world.contactEvents(From.slice(1))).toHaveLength(2);
  });

  it('answers 503 while the ledger cannot write, and loses nothing that is delivered again', async () => {
    const From = `+${nextPhone()}`;
    const params = { From, Body: 'STOP', MessageSid: 'SM99000000000000000000000000000002' };
    failing = true;
    expect((await world.twilio.receive('inbound-sms', params)).status).toBe(503);
    failing = false;
    expect(await world.contactEvents(From.slice(1))).toEqual([]);
    expect((await world.twilio.receive('inbound-sms', params)).status).toBe(200);
    expect((await world.contactEvents(From.slice(1))).map(told)).toEqual([
      'received SMS "STOP"',
      'opted-out OPT_OUT_ALL',
    ]);
  });

  it('loses none of 100 texts that come at once from many', async () => {
    const texts = Array.from({ length: 100 }, () => nextPhone());
    const answers = await Promise.all(
      texts.map((phone) => world.twilio.receive('inbound-sms', { From: `+${phone}`, Body: 'STOP' })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    for (const phone of texts) expect(await world.contactEvents(phone)).toHaveLength(2);
  });

  it('takes the previous auth token during a rotation, and no longer', async () => {
    const old = world.twilio.authToken;
    const fresh = 'the token after the rotation';
    const stop = async (token: string): Promise<number> =>
      (await world.twilio.receive('inbound-sms', { From: `+${nextPhone()}` }, { token })).status;
    expect([await stop(old), await stop(fresh)]).toEqual([200, 401]);
    await world.configure({ auth_token: fresh });
    expect([await stop(old), await stop(fresh)]).toEqual([200, 200]);
    await world.configure({ previous_auth_token: null });
    expect([await stop(old), await stop(fresh)]).toEqual([401, 200]);
    world.twilio.rotate(fresh);
  });

  it('is closed for an app of another channel, and while nobody has said what Twilio calls', async () => {
    const other = await world.api.newApp();
    const url = world.webhook.replace(world.appId, other);
    expect((await world.twilio.receive('inbound-sms', {}, { url })).status).toBe(404);
    expect(PUBLIC_URL).toContain('8443');
  });

  it('writes no phone number, text or token into its log', async () => {
    const lines = world.api.logLines.join('');
    expect(lines).toContain('a callback was refused');
    expect(lines).not.toMatch(/1202555|STOP|a-token-of|token after/u);
  });
});
