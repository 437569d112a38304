import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { send, type InboundAnswer } from '../support/story.js';
import { expectError, WIRE_ID, WIRE_TIME, wireOf } from '../support/http/wire.js';

const PERSON = '46700600001';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
});
afterAll(() => instance.stop());

const taken = async (more: object): Promise<string> => {
  const { status, body } = await send(instance, PERSON, undefined, { ...more });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.message_id;
};
const stored = async (messageId: string, query = ''): Promise<Record<string, unknown>> => {
  const { status, body } = await instance.call('GET', `/messages/${messageId}${query}`);
  expect(status).toBe(200);
  return body;
};
const to = (...identities: readonly (readonly [string, string])[]) => ({
  recipient: {
    identified_by: { channel_identities: identities.map(([channel, identity]) => ({ channel, identity })) },
  },
});

/** One of each kind of AppMessage, with what it must have. */
const KINDS: Readonly<Record<string, object>> = {
  text_message: { text: 'hello' },
  card_message: { title: 'A card', description: 'of a kind', choices: [{ text_message: { text: 'yes' } }] },
  carousel_message: { cards: [{ title: 'one' }, { title: 'two' }] },
  choice_message: { text_message: { text: 'Which?' }, choices: [{ text_message: { text: 'this' } }] },
  location_message: { title: 'Here', coordinates: { latitude: 59.3, longitude: 18.1 } },
  media_message: { url: 'https://example.com/a.png' },
  template_message: { omni_template: { template_id: 't', version: '1' } },
  list_message: { title: 'List', sections: [{ title: 's', items: [{ choice: { title: 'c' } }] }] },
  contact_info_message: { name: { full_name: 'A B' }, phone_numbers: [{ phone_number: '12025550100' }] },
};

describe('messages:send', () => {
  it('answers an id and the time of acceptance to the smallest text client', async () => {
    const { status, body } = await instance.call('POST', '/messages:send', {
      app_id: instance.appId,
      ...to(['SMS', PERSON]),
      message: { text_message: { text: 'hello' } },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      message_id: expect.stringMatching(WIRE_ID) as string,
      accepted_time: expect.stringMatching(WIRE_TIME) as string,
    });
  });

  it.each(Object.keys(KINDS))('takes %s, and keeps all of it', async (kind) => {
    const message = { [kind]: KINDS[kind] };
    expect(await stored(await taken({ message }))).toMatchObject({ app_message: message });
  });

  it.each(['CONTENT_UNKNOWN', 'CONTENT_MARKETING', 'CONTENT_NOTIFICATION'])(
    'takes the content type %s',
    async (type) => {
      await taken({ message_content_type: type });
    },
  );

  it('takes every field at its limit', async () => {
    const id = await taken({
      callback_url: `http://127.0.0.1:9/${'x'.repeat(742 - 'http://127.0.0.1:9/'.length)}`,
      channel_priority_order: ['SMS'],
      channel_properties: {
        SMS_SENDER: '12025550199',
        SMS_FLASH_MESSAGE: 'true',
        SMS_MAX_NUMBER_OF_MESSAGE_PARTS: 'x'.repeat(1_024),
      },
      message_metadata: 'm'.repeat(1_024),
      conversation_metadata: { a: 'x'.repeat(2_048 - '{"a":""}'.length) },
      conversation_metadata_update_strategy: 'MERGE_PATCH',
      correlation_id: 'c'.repeat(128),
      processing_strategy: 'DISPATCH_ONLY',
      queue: 'HIGH_PRIORITY',
      ttl: '315576000000s',
    });
    expect(await stored(id)).toMatchObject({ metadata: 'm'.repeat(1_024), sender_id: '12025550199' });
  });

  it.each(['3s', '10s', '10', 10])('takes the ttl %j', async (ttl) => {
    await taken({ ttl });
  });

  it.each([
    [{ conversation_metadata_update_strategy: 'REPLACE' }],
    [{ processing_strategy: 'DEFAULT' }],
    [{ queue: 'NORMAL_PRIORITY' }],
  ])('takes %j', async (more) => {
    await taken(more);
  });

  it('ignores keys that it does not know', async () => {
    await taken({ processing_mode: 'DISPATCH', colour: 'blue' });
  });

  it.each([
    ['WHATSAPP', '+46 70-060 00 01', '46700600001'],
    ['RCS', '0046700600001', '46700600001'],
    ['SMS', '+46700600001', '46700600001'],
    ['MMS', '(46)700600001', '46700600001'],
    ['VIBERBM', '46.700.600.001', '46700600001'],
    ['MESSENGER', '+4670', '+4670'],
    ['INSTAGRAM', 'a b', 'a b'],
    ['TELEGRAM', '@me', '@me'],
    ['KAKAOTALK', '+82', '+82'],
    ['KAKAOTALKCHAT', 'ü', 'ü'],
    ['LINE', 'U1', 'U1'],
    ['WECHAT', 'w', 'w'],
    ['APPLEBC', 'urn:x', 'urn:x'],
  ])('takes a recipient on %s', async (channel, identity, canonical) => {
    const id = await taken(to([channel, identity]));
    expect(await stored(id)).toMatchObject({ channel_identity: { channel, identity: canonical } });
  });

  it('knows no contact_id in DISPATCH', async () => {
    const answer = await send(instance, PERSON, undefined, {
      recipient: { contact_id: '01EKA07N79THJ20ZSN6AS30TMW' },
    });
    expectError(answer, 400, 'INVALID_ARGUMENT', 'recipient.contact_id');
  });

  it('tries the channels in the order of channel_priority_order, else of the identities', async () => {
    const both = to(['SMS', PERSON], ['WHATSAPP', PERSON]);
    const channelOf = async (more: object) =>
      (await stored(await taken({ ...both, ...more })))['channel_identity'];
    expect(await channelOf({})).toMatchObject({ channel: 'SMS' });
    expect(await channelOf({ channel_priority_order: ['WHATSAPP', 'SMS'] })).toMatchObject({
      channel: 'WHATSAPP',
    });
    expect(await channelOf({ channel_priority_order: ['WHATSAPP'] })).toMatchObject({ channel: 'WHATSAPP' });
  });

  it('leaves from SMS_SENDER, else from the number of the app', async () => {
    const appId = await wireOf(instance).newApp();
    const sender = async (more: object) =>
      (await stored(await taken({ app_id: appId, ...more })))['sender_id'];
    expect(await sender({})).toBe('12025550100');
    expect(await sender({ channel_properties: { SMS_SENDER: '12025550155' } })).toBe('12025550155');
  });

  it('answers the same to the same Idempotency-Key, and refuses another body under it', async () => {
    const keyed = (text: string) =>
      send(
        instance,
        PERSON,
        undefined,
        { message: { text_message: { text } } },
        { 'idempotency-key': 'order 7' },
      );
    const first = await keyed('one');
    expect(first.status).toBe(200);
    expect((await keyed('one')).body).toEqual(first.body);
    expectError(await keyed('two'), 400, 'INVALID_ARGUMENT', 'idempotency-key');
  });
});

describe('a stored message', () => {
  const KEYS = [
    'id', 'direction', 'conversation_id', 'contact_id', 'channel_identity', 'app_message', 'metadata', 'accept_time',
    'sender_id', 'processing_mode', 'injected',
  ]; // prettier-ignore

  it('to a contact is there at once, as the clients type it', async () => {
    const id = await taken({ message_metadata: 'of mine' });
    const message = await stored(id);
    expect(Object.keys(message).toSorted()).toEqual(KEYS.toSorted());
    expect(message).toMatchObject({
      id,
      direction: 'TO_CONTACT',
      conversation_id: '',
      contact_id: '',
      channel_identity: { channel: 'SMS', identity: PERSON, app_id: '' },
      app_message: { text_message: { text: 'hello' } },
      metadata: 'of mine',
      accept_time: expect.stringMatching(WIRE_TIME) as string,
      processing_mode: 'DISPATCH',
      injected: false,
    });
  });

  it('to the app is there at once, as the clients type it', async () => {
    const answer = await instance.call<InboundAnswer>('POST', `/apps/${instance.appId}/inbound/generic`, {
      message_id: 'with metadata',
      channel: 'SMS',
      identity: `+${PERSON}`,
      sender: '12025550100',
      text: 'hello you',
      metadata: 'theirs',
    });
    const message = await stored(answer.body.message_id);
    expect(Object.keys(message).toSorted()).toEqual(
      KEYS.map((key) => key.replace('app_m', 'contact_m')).toSorted(),
    );
    expect(message).toMatchObject({
      id: answer.body.message_id,
      direction: 'TO_APP',
      channel_identity: { channel: 'SMS', identity: PERSON, app_id: '' },
      contact_message: { text_message: { text: 'hello you' } },
      metadata: 'theirs',
      sender_id: '12025550100',
    });
  });

  it.each(['CONVERSATION_SOURCE', 'DISPATCH_SOURCE'])('is found in %s', async (source) => {
    await stored(await taken({}), `?messages_source=${source}`);
  });
});
