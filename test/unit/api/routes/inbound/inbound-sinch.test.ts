import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSigner } from '../../../../../channels/signer.js';
import type { LedgerEvent } from '../../../../../domain/events/events.js';
import { apiWorld, PROJECT, type ApiWorld } from '../../../../worlds/api-world.js';

const MASK = '********';
const SETTINGS = {
  type: 'sinch',
  sinch_project_id: 'sinch-project',
  sinch_app_id: '01SINCHAPP',
  region: 'eu',
  key_id: 'key-1',
  key_secret: 'the-key-secret',
  inbound_secret: 'the-inbound-secret',
};
const SHOWN = {
  ...SETTINGS,
  base_url: null,
  auth_url: null,
  key_secret: MASK,
  inbound_secret: MASK,
  previous_inbound_secret: null,
};

let world: ApiWorld;
let appId: string;
beforeAll(async () => {
  world = await apiWorld();
});
beforeEach(async () => {
  appId = await world.newApp();
  await settings(SETTINGS);
});
afterAll(() => world.close());

const settings = (patch: object) => world.call('PATCH', `/apps/${appId}/channel-settings`, patch);

const inboundBody = (id: string, text: string): string =>
  JSON.stringify({
    app_id: '01SINCHAPP',
    project_id: 'sinch-project',
    message: {
      id,
      contact_message: { text_message: { text } },
      channel_identity: { channel: 'SMS', identity: '+46 700 00 00 01', app_id: '' },
      sender_id: '4670999',
    },
  });

/** Posts as the provider does: signed, without sign-in. */
async function post(body: string | Buffer, secret = 'the-inbound-secret', more: Record<string, string> = {}) {
  const bytes = Buffer.from(body);
  const signed = createSigner(secret).sign({ id: 'x', body: bytes, nonce: 'n', nowMs: world.clock.now() });
  const answer = await world.app.inject({
    method: 'POST',
    url: `/v1/projects/${PROJECT}/apps/${appId}/inbound/sinch`,
    headers: { 'content-type': 'application/json', ...signed, ...more },
    payload: bytes,
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}
const written = async (): Promise<readonly LedgerEvent[]> =>
  (await world.events()).filter(({ data }) => 'contactId' in data && data.appId === appId);

describe('inbound/sinch', () => {
  it('takes a signed message once, without sign-in, and the block holds', async () => {
    expect(await post(inboundBody('m-1', 'STOP'))).toEqual({ status: 200, body: { result: 'recorded' } });
    expect(await post(inboundBody('m-1', 'STOP'))).toEqual({ status: 200, body: { result: 'repeated' } });
    expect((await written()).map(({ type }) => type)).toEqual(['message-received', 'opted-out']);
  });

  it('warns of an id that comes again with another text, and takes both', async () => {
    await post(inboundBody('m-2', 'hello'));
    expect(await post(inboundBody('m-2', 'STOP'))).toMatchObject({ body: { result: 'recorded' } });
    expect(world.logLines.join('')).toContain('a message id came again with another text');
  });

  it('shows a picture as it came', async () => {
    const contact_message = { media_message: { url: 'https://media.example/a.jpg' } };
    const body = JSON.parse(inboundBody('m-10', '')) as { message: object };
    await post(JSON.stringify({ ...body, message: { ...body.message, contact_message } }));
    const [received] = await written();
    const id = received?.type === 'message-received' ? received.data.messageId : '';
    expect((await world.call('GET', `/messages/${id}`)).body).toMatchObject({ contact_message });
  });

  it('refuses what is signed otherwise, and says so in the log only by kind', async () => {
    expect((await post(inboundBody('m-3', 'STOP'), 'another secret')).status).toBe(401);
    expect(await written()).toEqual([]);
    expect(world.logLines.join('')).toContain('"refused":"signature"');
  });

  it('names the field of a body that is not as documented', async () => {
    expect(await post('{"message": {}}')).toMatchObject({
      status: 400,
      body: { error: { details: [{ fieldViolations: [{ field: 'message.id' }] }] } },
    });
  });

  it('is not there for apps on another channel, and for unknown ones', async () => {
    await settings({ type: 'simulator' });
    expect((await post(inboundBody('m-4', 'STOP'))).status).toBe(404);
    appId = 'nobody';
    expect((await post(inboundBody('m-4', 'STOP'))).status).toBe(404);
  });

  it('ignores receipts of messages that are not ours', async () => {
    const report = { message_id: '01M', status: 'DELIVERED', metadata: '' };
    expect(await post(JSON.stringify({ message_delivery_report: report }))).toEqual({
      status: 200,
      body: { result: 'ignored' },
    });
    const ours = { ...report, metadata: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
    expect((await post(JSON.stringify({ message_delivery_report: ours }))).body).toEqual({
      result: 'ignored',
    });
  });
});

describe('channel-settings of type sinch', () => {
  it('are shown with their secrets masked, and sealed in the ledger', async () => {
    expect((await world.call('GET', `/apps/${appId}/channel-settings`)).body).toEqual(SHOWN);
    const ledger = JSON.stringify(await world.events());
    for (const secret of ['the-key-secret', 'the-inbound-secret']) expect(ledger).not.toContain(secret);
  });

  it('keep what is absent or masked', async () => {
    const patch = { region: 'us', key_secret: MASK, inbound_secret: MASK };
    expect((await settings(patch)).body).toEqual({ ...SHOWN, region: 'us' });
    expect((await post(inboundBody('m-5', 'hi'))).status).toBe(200);
  });

  it.each(['base_url', 'auth_url'])('do not send the secret that stands to another %s', async (field) => {
    const refused = { status: 400, body: { error: { message: /key_secret/u } } };
    const [first, second] = ['https://one.example/', 'https://two.example'];
    for (const secret of [{}, { key_secret: MASK }])
      expect(await settings({ [field]: first, ...secret })).toMatchObject(refused);
    expect((await world.call('GET', `/apps/${appId}/channel-settings`)).body).toEqual(SHOWN);
    const moved = await settings({ [field]: first, key_secret: 'another' });
    expect(moved.body).toEqual({ ...SHOWN, [field]: 'https://one.example' });
    // The same host again, another one, and Sinch's own.
    expect((await settings({ [field]: first, region: 'eu' })).status).toBe(200);
    expect(await settings({ [field]: second })).toMatchObject(refused);
    expect((await settings({ [field]: null })).body).toEqual(SHOWN);
  });

  it('rotate the secret of callbacks without a gap: both count until the old one is taken away', async () => {
    expect((await settings({ inbound_secret: 'new' })).body).toMatchObject({ previous_inbound_secret: MASK });
    expect((await post(inboundBody('m-6', 'hi'), 'new')).status).toBe(200);
    expect((await post(inboundBody('m-7', 'hi'))).status).toBe(200);
    expect((await settings({ previous_inbound_secret: null })).body).toEqual(SHOWN);
    expect((await post(inboundBody('m-8', 'hi'))).status).toBe(401);
    expect((await post(inboundBody('m-8', 'hi'), 'new')).status).toBe(200);
  });

  it('drop a leaked secret at once where the patch says so, and take a previous one that is named', async () => {
    await settings({ inbound_secret: 'new', previous_inbound_secret: null });
    expect((await post(inboundBody('m-9', 'hi'))).status).toBe(401);
    await settings({ previous_inbound_secret: 'older' });
    expect((await post(inboundBody('m-9', 'hi'), 'older')).status).toBe(200);
    await settings({ previous_inbound_secret: MASK });
    expect((await post(inboundBody('m-9', 'hi'), 'older')).body).toEqual({ result: 'repeated' });
  });
});
