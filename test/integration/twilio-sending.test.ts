import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../domain/events/events.js';
import type { OwedMessage } from '../../domain/owed.js';
import type { Delivery, SendStep, TwilioMessage } from '../support/twilio/twilio-stand-in.js';
import { twilioFixture } from '../support/twilio/twilio-signing.js';
import { API_KEY, PUBLIC_URL, twilioWorld, type TwilioWorld } from '../worlds/twilio-world.js';

// Messages through Twilio's REST call and what its status callbacks say of them, against its stand-in, over HTTP.

let world: TwilioWorld;
beforeAll(async () => {
  world = await twilioWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.twilio.script();
  world.twilio.reports = [];
});

let phones = 0;
const nextPhone = (): string => `1202556${String((phones += 1)).padStart(4, '0')}`;

/** One event in words, without the intent and the acceptance before it. */
function told({ type, data }: LedgerEvent): string[] {
  const said = data as Readonly<Record<string, unknown>>;
  const reason = typeof said['reason'] === 'string' ? ` ${said['reason']}` : '';
  const error = said['providerError'] as { code: number; block: boolean } | undefined;
  const code = error === undefined ? '' : ` ${String(error.code)}${error.block ? ' block' : ''}`;
  switch (type) {
    case 'message-accepted':
    case 'message-handing-over':
      return [];
    case 'message-dispatched':
      return [`dispatched${typeof said['providerMessageId'] === 'string' ? ' with id' : ''}`];
    case 'message-reported':
      return [`${String(said['status'])}${reason}${code}`];
    case 'message-not-sent': {
      const waits = Date.parse(String(said['retryAt'])) - world.api.clock.ms;
      return [`${String(said['class'])}, again in ${String(waits / 1_000)} s`];
    }
    default:
      return [`${type}${reason}${code}`];
  }
}
const story = async (item: OwedMessage): Promise<string> =>
  (await world.messageEvents(item)).flatMap(told).join('; ');

const json = (code: number): SendStep => ({ status: 400, body: { ...twilioFixture('21610.error'), code } });
const TAKEN = 'dispatched with id; QUEUED_ON_CHANNEL';
const TIMED_OUT = 'message-failed DELIVERY_TIMED_OUT';

/** How the call ends → what the ledger says; calls made by then: one each. */
const CALLS: readonly (readonly [name: string, outcome: string, step: SendStep])[] = [
  ['201', TAKEN, 'taken'],
  ['201 with a page instead of JSON', 'dispatched; QUEUED_ON_CHANNEL', { status: 201, body: '<html>' }],
  [
    '200 of a message that was given up at once',
    'message-failed CHANNEL_REJECT 30007',
    { status: 201, body: { ...twilioFixture('message'), status: 'failed', error_code: 30007 } },
  ],
  [
    '429 with Retry-After',
    'busy, again in 7 s',
    { status: 429, headers: { 'retry-after': '7' }, body: twilioFixture('20429.error') },
  ],
  ['429 without', 'busy, again in 1 s', { status: 429, body: twilioFixture('20429.error') }],
  ['503 with Retry-After', 'unavailable, again in 90 s', { status: 503, headers: { 'retry-after': '90' } }],
  ['503 without', 'unavailable, again in 1 s', { status: 503 }],
  ['500', TIMED_OUT, { status: 500 }],
  ['502', TIMED_OUT, { status: 502, body: '<html>' }],
  ['a redirect', TIMED_OUT, { status: 307, headers: { location: 'http://127.0.0.1:9/' } }],
  ['taken, then cut', TIMED_OUT, 'breaks'],
  ['cut before an answer', TIMED_OUT, 'never'],
  ['21610', 'message-failed RECIPIENT_NOT_OPTED_IN 21610 block', json(21610)],
  ['21211', 'message-failed CHANNEL_REJECT 21211', json(21211)],
  [
    '21606, a sender that is not the account’s',
    'message-failed CHANNEL_BAD_CONFIGURATION 21606',
    json(21606),
  ],
  ['400 with a page instead of JSON', 'message-failed CHANNEL_REJECT', { status: 400, body: '<html>' }],
  [
    '401',
    'message-failed CHANNEL_BAD_CONFIGURATION 20003',
    { status: 401, body: twilioFixture('20003.error') },
  ],
  ['404', 'message-failed CHANNEL_BAD_CONFIGURATION 20404', { status: 404, body: { code: 20404 } }],
];

describe('one call', () => {
  it.each(CALLS)('%s → %s', async (_, outcome, step) => {
    const before = world.twilio.calls;
    world.twilio.script(step);
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    expect(await story(item)).toBe(outcome);
    expect(world.twilio.calls - before).toBe(1);
  });

  it('that is not answered within 6 s is never made again, and its receipt still counts', async () => {
    const [taken, calls] = [world.twilio.messages.length, world.twilio.calls];
    world.twilio.script('hangs');
    const item = await world.accept(nextPhone());
    expect(await world.attempt(item)).toMatchObject({ state: 'ended', as: 'failed' });
    await expect(world.attempt(item)).rejects.toThrow('nothing to do');
    await world.twilio.report(newest(), 'delivered');
    expect(await story(item)).toBe(`${TIMED_OUT}; DELIVERED`);
    expect([world.twilio.messages.length - taken, world.twilio.calls - calls]).toEqual([1, 1]);
  });

  it('is made again after 429, not before the time asked for', async () => {
    world.twilio.script({ status: 429, headers: { 'retry-after': '7' } });
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    world.api.clock.ms += 6_999;
    await expect(world.attempt(item)).rejects.toThrow('nothing to do');
    world.api.clock.ms += 1;
    expect(await world.attempt(item)).toMatchObject({ as: 'dispatched' });
  });

  it('waits while nobody listens, or nobody knows the name', async () => {
    await world.twilio.down();
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    expect(await story(item)).toBe('refused-connection, again in 1 s');
    await world.twilio.up();
    world.api.clock.ms += 1_000;
    expect(await world.attempt(item)).toMatchObject({ as: 'dispatched' });
    // What stands is not sent to another host.
    const auth_token = world.twilio.authToken;
    await world.configure({ base_url: 'https://no-such-host.invalid', auth_token });
    const unknown = await world.accept(nextPhone());
    await world.attempt(unknown);
    await world.configure({ base_url: world.twilio.url, auth_token });
    expect(await story(unknown)).toBe('refused-connection, again in 1 s');
  });

  it('to somebody whom only Twilio holds for opted out changes no list', async () => {
    const phone = nextPhone();
    world.twilio.optedOut.add(`+${phone}`);
    const item = await world.accept(phone);
    await world.attempt(item);
    expect(await story(item)).toBe('message-failed RECIPIENT_NOT_OPTED_IN 21610 block');
    expect(await world.contactEvents(phone)).toEqual([]);
  });

  it('signs in with an API key where there is one, and with a token that is right', async () => {
    await world.configure({
      api_key_sid: API_KEY[0],
      api_key_secret: API_KEY[1],
      auth_token: 'no longer right',
    });
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    await world.configure({ api_key_sid: null });
    const refused = await world.accept(nextPhone());
    await world.attempt(refused);
    await world.configure({ auth_token: world.twilio.authToken });
    expect(await story(item)).toBe(TAKEN);
    expect(await story(refused)).toBe('message-failed CHANNEL_BAD_CONFIGURATION 20003');
  });

  it('says who to, from whom, what, and where its receipts go', async () => {
    const item = await world.accept('12025550199', {
      recipients: [{ channel: 'WHATSAPP', identity: '12025550199' }],
      sender: '12025550100',
      message: { text_message: { text: '你好 & 🙂' } },
    });
    await world.attempt(item);
    expect(newest().form).toEqual({
      To: 'whatsapp:+12025550199',
      From: 'whatsapp:+12025550100',
      Body: '你好 & 🙂',
      StatusCallback: `${world.webhook}?message_id=${item.messageId}`,
    });
    expect(newest().form['StatusCallback']).toContain(PUBLIC_URL);
  });
});

function newest(): TwilioMessage {
  const message = world.twilio.messages.at(-1);
  if (message === undefined) throw new Error('nothing was taken');
  return message;
}

/** Status callbacks in the order in which they come → what is recorded after the hand-over. */
const RECEIPTS: readonly (readonly [said: string, kept: string])[] = [
  ['queued, sent, delivered', 'DELIVERED'],
  ['delivered, sent, queued', 'DELIVERED'],
  ['delivered, delivered, delivered', 'DELIVERED'],
  ['sent, read', 'READ'],
  ['delivered, read', 'DELIVERED; READ'],
  ['read, delivered', 'READ'],
  ['undelivered 30003', 'FAILED RECIPIENT_NOT_REACHABLE 30003'],
  ['failed 21610', 'FAILED RECIPIENT_NOT_OPTED_IN 21610 block'],
  ['failed 30007', 'FAILED DELIVERY_REJECTED_DUE_TO_POLICY 30007'],
  ['failed 99999', 'FAILED CHANNEL_FAILURE 99999'],
  ['failed ', 'FAILED UNKNOWN'],
  ['failed +12025550101', 'FAILED UNKNOWN'],
  ['undelivered 30003, delivered', 'FAILED RECIPIENT_NOT_REACHABLE 30003'],
  ['delivered, undelivered 30003', 'DELIVERED'],
  ['accepted, scheduled, toString', ''],
];

describe('status callbacks', () => {
  it.each(RECEIPTS)('%s → %s', async (said, kept) => {
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    for (const one of said.split(', ')) {
      const [status = '', ErrorCode] = one.split(' ');
      const answer = await world.twilio.report(
        newest(),
        status,
        ErrorCode === undefined ? {} : { ErrorCode },
      );
      expect(answer.status).toBe(200);
    }
    expect(await story(item)).toBe([TAKEN, ...(kept === '' ? [] : [kept])].join('; '));
  });

  it('may overtake the answer to the call', async () => {
    world.twilio.script('late');
    world.twilio.reports = ['queued', 'delivered'];
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    expect(await story(item)).toBe('QUEUED_ON_CHANNEL; DELIVERED; dispatched with id');
  });

  it('may come days later', async () => {
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    world.api.clock.ms += 3 * 86_400_000;
    await world.twilio.report(newest(), 'delivered');
    expect(await story(item)).toBe(`${TAKEN}; DELIVERED`);
  });

  it('are known by Twilio’s id where ours does not come back', async () => {
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    // The view that knows it is some milliseconds behind.
    await expect
      .poll(async () => {
        await world.twilio.report(newest(), 'delivered', {}, { url: world.webhook });
        return story(item);
      })
      .toBe(`${TAKEN}; DELIVERED`);
  });

  it('are acknowledged and not recorded for messages that are not ours, and refused where forged', async () => {
    const item = await world.accept(nextPhone());
    await world.attempt(item);
    const url = newest().form['StatusCallback'] ?? '';
    const strange = { MessageSid: 'SM77000000000000000000000000000000' };
    const report = async (delivery: Delivery) =>
      (await world.twilio.report(newest(), 'delivered', strange, delivery)).status;
    expect(await report({ url: world.webhook })).toBe(200);
    expect(await report({ url: `${world.webhook}?message_id=x` })).toBe(200);
    expect(await report({ url: url.replace(item.messageId, '01ARZ3NDEKTSV4RRFFQ69G5FAV') })).toBe(200);
    expect(await report({ token: 'another' })).toBe(401);
    expect(await report({ signedUrl: world.webhook })).toBe(401);
    expect(await report({ signature: null })).toBe(401);
    expect(await story(item)).toBe(TAKEN);
  });
});

describe('the reply to a STOP', () => {
  it('leaves through Twilio, from the number that was written to', async () => {
    const phone = nextPhone();
    await world.twilio.receive('inbound-sms', { From: `+${phone}`, To: '+12025550177' });
    const reply = await world.replyTo(phone);
    expect(await world.attempt(reply)).toMatchObject({ as: 'dispatched' });
    expect(newest().form).toMatchObject({ To: `+${phone}`, From: '+12025550177' });
  });

  it('is refused where Twilio keeps opt-outs itself; ours stands', async () => {
    const phone = nextPhone();
    await world.twilio.receive('inbound-sms', { From: `+${phone}` });
    world.twilio.optedOut.add(`+${phone}`);
    const reply = await world.replyTo(phone);
    await world.attempt(reply);
    expect(await story(reply)).toBe('message-failed RECIPIENT_NOT_OPTED_IN 21610 block');
    const marketing = await world.accept(phone, { contentType: 'CONTENT_MARKETING' });
    expect(await world.attempt(marketing)).toMatchObject({ as: 'blocked' });
  });
});
