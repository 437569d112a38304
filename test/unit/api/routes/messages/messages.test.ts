import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, sms, type ApiWorld, type Call } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const identities = (...pairs: readonly [string, string][]) => ({
  identified_by: { channel_identities: pairs.map(([channel, identity]) => ({ channel, identity })) },
});
const body = (change: Record<string, unknown> = {}) => ({
  app_id: world.appId,
  recipient: identities(['SMS', '+46 700 000 001']),
  message: { text_message: { text: 'offer' } },
  ...change,
});
const send = (change: Record<string, unknown> = {}, call: Call = { scope: 'send' }) =>
  world.call('POST', '/messages:send', body(change), call);
const get = (messageId: unknown, query = '', call: Call = { scope: 'read' }) =>
  world.call('GET', `/messages/${String(messageId)}${query}`, undefined, call);
const lastEvent = async () => (await world.events()).at(-1);

describe('POST messages:send', () => {
  it('accepts the least that a client sends', async () => {
    const answer = await send();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      message_id: expect.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/u) as string,
      accepted_time: new Date(world.clock.ms).toISOString(),
    });
    expect(await lastEvent()).toMatchObject({
      type: 'message-accepted',
      data: {
        contentType: 'CONTENT_UNKNOWN',
        processingMode: 'DISPATCH',
        requestHash: null,
        recipients: [{ channel: 'SMS' }],
      },
      personal: { identities: ['46700000001'], sender: '', metadata: '', correlationId: '' },
      meta: { actor: { type: 'access-key' } },
    });
  });

  it('accepts everything that the wire knows and ignores what it does not', async () => {
    const answer = await send({
      message_content_type: 'CONTENT_MARKETING',
      callback_url: 'https://example.com/receipts',
      channel_priority_order: ['SMS'],
      channel_properties: { SMS_SENDER: '4670999', SMS_FLASH_MESSAGE: 'false' },
      message_metadata: 'm'.repeat(1024),
      conversation_metadata: { a: { b: 1 } },
      conversation_metadata_update_strategy: 'MERGE_PATCH',
      correlation_id: 'c'.repeat(128),
      processing_strategy: 'DISPATCH_ONLY',
      queue: 'HIGH_PRIORITY',
      ttl: '10s',
      colour: 'blue',
    });
    expect(answer.status).toBe(200);
    expect(await lastEvent()).toMatchObject({
      data: {
        contentType: 'CONTENT_MARKETING',
        expiresAt: new Date(world.clock.ms + 10_000).toISOString(),
        overrideEndpointId: `override-${world.rootKey.urlHmac('https://example.com/receipts')}`,
      },
      personal: { sender: '4670999', metadata: 'm'.repeat(1024), correlationId: 'c'.repeat(128) },
    });
  });

  it.each([10, '10', '10s', 3, '315576000000s'])('takes the ttl %s', async (ttl) => {
    expect((await send({ ttl })).status).toBe(200);
  });

  const media = { url: 'https://example.com/a.png' };
  const choice = { text_message: { text: 'yes' }, postback_data: 'y' };
  it.each<Record<string, unknown>>([
    { text_message: { text: 'hi' }, agent: null, explicit_channel_message: { SMS: '{}' } },
    { card_message: { title: 't', media_message: media, choices: [choice] } },
    { carousel_message: { cards: [{ title: 't' }], choices: [choice] } },
    { choice_message: { text_message: { text: 'q' }, choices: [choice] } },
    { location_message: { title: 't', coordinates: { latitude: 59.3, longitude: 18.1 } } },
    { media_message: media },
    { template_message: { omni_template: { template_id: 't', version: '1' } } },
    { template_message: { channel_template: { WHATSAPP: { template_id: 't' } } } },
    { list_message: { title: 't', sections: [{ title: 's', items: [] }] } },
    {
      contact_info_message: { name: { full_name: 'A B' }, phone_numbers: [{ phone_number: '46700000001' }] },
    },
  ])('keeps the content of %j as given', async (message) => {
    expect((await send({ message })).status).toBe(200);
    expect(await lastEvent()).toMatchObject({ personal: { message } });
  });

  it('tries channels in the order asked for, then in the order of the identities', async () => {
    const recipient = identities(
      ['WHATSAPP', '46700000001'],
      ['TELEGRAM', '@Some One'],
      ['SMS', '46700000001'],
    );
    await send({ recipient, channel_priority_order: ['SMS', 'RCS', 'TELEGRAM'] });
    expect(await lastEvent()).toMatchObject({
      data: { recipients: [{ channel: 'SMS' }, { channel: 'TELEGRAM' }, { channel: 'WHATSAPP' }] },
      personal: { identities: ['46700000001', '@Some One', '46700000001'] },
    });
    await send({ recipient });
    expect(await lastEvent()).toMatchObject({
      data: { recipients: [{ channel: 'WHATSAPP' }, { channel: 'TELEGRAM' }, { channel: 'SMS' }] },
    });
  });

  it('leaves from the channel’s default sender unless the send names one', async () => {
    const bearer = { claimed_identity: '46555', token: 'sealed' };
    const appId = await world.newApp({
      profile: { channel_credentials: [{ channel: 'SMS', static_bearer: bearer }, { channel: 'RCS' }] },
    });
    await send({ app_id: appId });
    expect(await lastEvent()).toMatchObject({ personal: { sender: '46555' } });
    await send({ app_id: appId, recipient: identities(['RCS', '46700000001'], ['SMS', '46700000001']) });
    expect(await lastEvent()).toMatchObject({ personal: { sender: '' } });
    await send({ app_id: appId, channel_properties: { SMS_SENDER: '46777' } });
    expect(await lastEvent()).toMatchObject({ personal: { sender: '46777' } });
  });

  it('accepts a channel that the app does not have: that fails later, by callback', async () => {
    expect((await send({ recipient: identities(['LINE', 'user']) })).status).toBe(200);
  });

  it('answers the same under the same key, however the body is spelled, and refuses another body', async () => {
    const call: Call = { scope: 'send', headers: { 'idempotency-key': `order ${'k'.repeat(122)}` } };
    const first = await send({ ttl: '10s', channel_properties: { A: '1', B: '2' } }, call);
    const { app_id, ...rest } = body({ channel_properties: { B: '2', A: '1' }, ttl: '10s' });
    const again = await world.call('POST', '/messages:send', { ...rest, unknown: 1, app_id }, call);
    expect(again).toMatchObject({ status: 200, body: first.body });
    const before = await world.events();
    const refused = await send({ ttl: '11s', channel_properties: { A: '1', B: '2' } }, call);
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('idempotency-key') as string } },
    });
    expect(await world.events()).toHaveLength(before.length);
  });

  it('refuses a Sinch contact in both modes', async () => {
    const conversation = await world.newApp({ processingMode: 'CONVERSATION' });
    for (const app_id of [world.appId, conversation]) {
      const answer = await send({ app_id, recipient: { contact_id: '01CONTACT' } });
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining('recipient.contact_id') as string } },
      });
    }
  });
});

describe('GET messages/{id}', () => {
  const stored = {
    conversation_id: '',
    contact_id: '',
    channel_identity: { channel: 'SMS', identity: '46700000001', app_id: '' },
    processing_mode: 'DISPATCH',
    injected: false,
  };

  it('answers for a send from its acknowledgement on, whatever store is asked for', async () => {
    const { body: sent } = await send({
      message_metadata: 'meta',
      channel_properties: { SMS_SENDER: '4670999' },
    });
    for (const query of [
      '',
      '?messages_source=DISPATCH_SOURCE',
      '?messages_source=CONVERSATION_SOURCE',
      '?messages_source=x',
    ]) {
      expect(await get(sent['message_id'], query)).toMatchObject({
        status: 200,
        body: {
          ...stored,
          id: sent['message_id'],
          direction: 'TO_CONTACT',
          app_message: { text_message: { text: 'offer' } },
          metadata: 'meta',
          accept_time: sent['accepted_time'],
          sender_id: '4670999',
        },
      });
    }
  });

  it('answers for an inbound message, with and without text', async () => {
    const inbound = async (text: string | undefined) => {
      const message = { ...sms('+46700000001', 'hello', { metadata: 'in' }), text };
      const { body: answer } = await world.call('POST', `/apps/${world.appId}/inbound/generic`, message);
      return (await get(answer['message_id'])).body;
    };
    expect(await inbound('hello')).toMatchObject({
      ...stored,
      direction: 'TO_APP',
      contact_message: { text_message: { text: 'hello' } },
      metadata: 'in',
      sender_id: '4670999',
    });
    expect(await inbound(undefined)).toMatchObject({ contact_message: { fallback_message: {} } });
  });

  it('does not know other projects’ messages, or none', async () => {
    const { body: sent } = await send();
    expect((await get(sent['message_id'], '', { scope: 'other-project' })).status).toBe(403);
    expect(await get('01NOTHING')).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
  });
});
