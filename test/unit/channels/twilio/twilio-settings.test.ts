import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { twilioSignature } from '../../../support/twilio/twilio-signing.js';
import { apiWorld, PROJECT, type ApiWorld } from '../../../worlds/api-world.js';

const MASK = '********';
const PUBLIC_URL = 'https://sms.example';
const sid = (prefix: string, n = 1): string => prefix + String(n).padStart(32, '0');
const SETTINGS = { type: 'twilio', account_sid: sid('AC'), auth_token: 'the auth token' };
const SHOWN = {
  ...SETTINGS,
  auth_token: MASK,
  previous_auth_token: null,
  api_key_sid: null,
  api_key_secret: null,
  messaging_service_sid: null,
  base_url: null,
};

let world: ApiWorld;
let appId: string;
beforeAll(async () => {
  const config = { tokenTtl: 3600, rates: { api: 0, send: 0, callback: 0 }, loopback: true };
  world = await apiWorld(undefined, { config: { ...config, publicUrl: PUBLIC_URL } });
});
beforeEach(async () => {
  appId = await world.newApp();
  expect((await settings(SETTINGS)).body).toEqual(SHOWN);
});
afterAll(() => world.close());

const settings = (patch: object) => world.call('PATCH', `/apps/${appId}/channel-settings`, patch);

/** A text as Twilio posts it. */
async function post(token: string, to: ApiWorld = world, app = appId): Promise<number> {
  const url = `/v1/projects/${PROJECT}/apps/${app}/inbound/twilio`;
  const form = new URLSearchParams({ MessageSid: sid('SM'), From: '+12025550101', To: '1', Body: 'hi' });
  const answer = await to.app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilioSignature(token, PUBLIC_URL + url, form),
    },
    payload: form.toString(),
  });
  return answer.statusCode;
}

describe('channel-settings of type twilio', () => {
  it('are shown with their secrets masked, and sealed in the ledger', async () => {
    const key = { api_key_sid: sid('SK'), api_key_secret: 'the key secret' };
    const shown = { ...SHOWN, api_key_sid: sid('SK'), api_key_secret: MASK };
    expect((await settings(key)).body).toEqual(shown);
    expect((await world.call('GET', `/apps/${appId}/channel-settings`)).body).toEqual(shown);
    const ledger = JSON.stringify(await world.events());
    for (const secret of ['the auth token', 'the key secret']) expect(ledger).not.toContain(secret);
  });

  it('keep what is absent or masked, and give up what is null', async () => {
    const full = {
      ...{ api_key_sid: sid('SK'), api_key_secret: 's', messaging_service_sid: sid('MG') },
      ...{ base_url: 'https://api.example/', auth_token: 'the auth token' },
    };
    await settings(full);
    const masked = { auth_token: MASK, api_key_secret: MASK, previous_auth_token: MASK };
    const shown = { ...SHOWN, ...full, ...masked, base_url: 'https://api.example' };
    expect((await settings({ auth_token: MASK, api_key_secret: MASK })).body).toEqual(shown);
    expect(await post('the auth token')).toBe(200);
    const none = {
      ...{ api_key_sid: null, messaging_service_sid: null, base_url: null },
      previous_auth_token: null,
    };
    expect((await settings(none)).body).toEqual(SHOWN);
  });

  it('move the auth token to the previous place and take both until that one is null', async () => {
    expect((await settings({ auth_token: 'new' })).body).toEqual({ ...SHOWN, previous_auth_token: MASK });
    expect([await post('the auth token'), await post('new')]).toEqual([200, 200]);
    expect((await settings({ previous_auth_token: null })).body).toEqual(SHOWN);
    expect([await post('the auth token'), await post('new')]).toEqual([401, 200]);
  });

  it('do not keep the secret of one API key for another', async () => {
    await settings({ api_key_sid: sid('SK'), api_key_secret: 's' });
    const answer = await settings({ api_key_sid: sid('SK', 2) });
    expect(answer).toMatchObject({ status: 400, body: { error: { message: /api_key_secret/u } } });
    expect((await settings({ api_key_sid: sid('SK', 2), api_key_secret: 't' })).status).toBe(200);
  });

  it('do not send the secrets that stand to another host', async () => {
    const refused = (field: RegExp) => ({ status: 400, body: { error: { message: field } } });
    const base_url = 'https://one.example';
    expect(await settings({ base_url })).toMatchObject(refused(/auth_token/u));
    expect(await settings({ base_url, auth_token: MASK })).toMatchObject(refused(/auth_token/u));
    const key = { api_key_sid: sid('SK'), api_key_secret: 's' };
    // A key of one's own does not do: without it the token would sign in there.
    expect(await settings({ base_url, ...key })).toMatchObject(refused(/auth_token/u));
    await settings(key);
    const mine = { auth_token: 'mine' };
    expect(await settings({ base_url, ...mine })).toMatchObject(refused(/api_key_secret/u));
    expect((await settings({ base_url, ...mine, api_key_secret: 't' })).body).toMatchObject({ base_url });
    expect((await settings({ base_url, messaging_service_sid: sid('MG') })).status).toBe(200);
    expect((await settings({ base_url: null })).status).toBe(200);
  });

  it('take nothing in where nobody has said which URL Twilio calls', async () => {
    const silent = await apiWorld();
    await silent.call('PATCH', `/apps/${silent.appId}/channel-settings`, SETTINGS);
    expect(await post('the auth token', silent, silent.appId)).toBe(400);
    expect(silent.logLines.join('')).toContain('no-public-url');
    await silent.close();
  });
});
