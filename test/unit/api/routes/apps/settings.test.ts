import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiWorld, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
let appId: string;
beforeAll(async () => {
  world = await apiWorld();
});
beforeEach(async () => {
  appId = await world.newApp();
});
afterAll(async () => {
  await world.close();
});

const faultOf = async (path: string, body: unknown) => {
  const before = (await world.events()).length;
  const answer = await world.call('PATCH', path, body);
  expect((await world.events()).length).toBe(before);
  return answer;
};
const atField = (field: string) => ({
  status: 400,
  body: { error: { status: 'INVALID_ARGUMENT', details: [{ fieldViolations: [{ field }] }] } },
});

describe('consent-settings', () => {
  const path = () => `/apps/${appId}/consent-settings`;
  const cell = { language: 'EN', list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT' };

  it('shows the defaults', async () => {
    expect(await world.call('GET', path())).toMatchObject({
      status: 200,
      body: {
        enabled: true,
        mode: 'PRIMARY',
        languages: ['EN', 'ES', 'PT'],
        keyword_sets: ['SINCH'],
        keywords: [],
        replies: [],
        help: [],
        auto_reply: true,
        start_clears_all: false,
        callback_on_block: true,
        callback_on_api: false,
        accent_folding: false,
        suspected_stops: 'flag',
        revision: 0,
      },
    });
  });

  it('merges keys, replaces arrays whole', async () => {
    await world.call('PATCH', path(), { keywords: [{ ...cell, words: ['AUS'] }], mode: 'SECONDARY' });
    const { body } = await world.call('PATCH', path(), {
      keywords: [{ ...cell, words: ['HALT'], replace_defaults: true }],
    });
    expect(body).toMatchObject({
      mode: 'SECONDARY',
      keywords: [{ ...cell, words: ['HALT'], replace_defaults: true }],
      revision: 2,
    });
    expect((await world.call('GET', path())).body).toEqual(body);
  });

  it('guards against lost updates where a revision is given', async () => {
    expect((await world.call('PATCH', path(), { mode: 'SECONDARY', revision: 0 })).status).toBe(200);
    expect(await faultOf(path(), { mode: 'PRIMARY', revision: 0 })).toMatchObject({
      status: 409,
      body: { error: { code: 409, status: 'ABORTED' } },
    });
    expect((await world.call('PATCH', path(), { mode: 'PRIMARY' })).status).toBe(200);
  });

  it.each([
    ['an unknown key', { enabeld: true }, 'body'],
    ['an unknown key in a cell', { keywords: [{ ...cell, words: ['X'], note: '' }] }, 'keywords.0'],
    ['a wrong type', { enabled: 'yes' }, 'enabled'],
    ['an unknown mode', { mode: 'TERTIARY' }, 'mode'],
    ['no language', { languages: [] }, 'languages'],
    ['a language twice', { languages: ['EN', 'EN'] }, 'languages'],
    ['an unknown set', { keyword_sets: ['MARS'] }, 'keyword_sets.0'],
    ['an empty word', { keywords: [{ ...cell, words: ['ok', '  '] }] }, 'keywords.0.words.1'],
    ['a word over 64 characters', { keywords: [{ ...cell, words: ['x'.repeat(65)] }] }, 'keywords.0.words.0'],
    [
      '21 words',
      { keywords: [{ ...cell, words: Array.from({ length: 21 }, (_, n) => `w${String(n)}`) }] },
      'keywords.0.words',
    ],
    [
      'a cell twice',
      {
        keywords: [
          { ...cell, words: ['A'] },
          { ...cell, words: ['B'] },
        ],
      },
      'keywords',
    ],
    ['a reply over 1,600 characters', { replies: [{ ...cell, text: 'x'.repeat(1601) }] }, 'replies.0.text'],
    [
      'a word that has a meaning already',
      { keywords: [{ ...cell, words: ['start'] }] },
      'keywords[0].words[0]',
    ],
    ['help twice in a language', { help: [{ language: 'EN' }, { language: 'EN', text: '' }] }, 'help'],
    ['help for a list', { help: [{ ...cell, text: 'x' }] }, 'help.0'],
    ['help of an unknown language', { help: [{ language: 'FR' }] }, 'help.0.language'],
    ['a blank word for help', { help: [{ language: 'EN', words: [' '] }] }, 'help.0.words.0'],
    [
      'an answer for help over 1,600 characters',
      { help: [{ language: 'EN', text: 'x'.repeat(1601) }] },
      'help.0.text',
    ],
    [
      'a set whose language is off',
      { keyword_sets: ['SINCH', 'US'], languages: ['ES', 'PT'] },
      'keyword_sets',
    ],
  ])('refuses %s', async (_name, body, field) => {
    expect(await faultOf(path(), body)).toMatchObject(atField(field));
  });

  it('takes 20 words, 64 characters besides white space, and a reply of 1,600', async () => {
    const words = Array.from({ length: 20 }, (_, n) => `w${String(n)}`.padEnd(64, 'x'));
    const body = { keywords: [{ ...cell, words }], replies: [{ ...cell, text: 'x'.repeat(1600) }] };
    expect((await world.call('PATCH', path(), body)).status).toBe(200);
  });

  it('names both places of a word with two meanings, and both meanings, not the word', async () => {
    const answer = await faultOf(path(), {
      keyword_sets: ['SINCH', 'US'],
      keywords: [{ ...cell, direction: 'OPT_IN', words: ['gladly', 'q u i t'] }],
      help: [{ language: 'EN', words: ['start'] }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error: {
        details: [
          {
            fieldViolations: [
              {
                field: 'keywords[0].words[1]',
                description:
                  'a text with this word (EN OPT_OUT_ALL OPT_IN) also means keyword_sets: US (EN OPT_OUT_ALL OPT_OUT)',
              },
              {
                field: 'help[0].words[0]',
                description:
                  'a text with this word (EN HELP) also means keyword_sets: SINCH (EN OPT_OUT_ALL OPT_IN)',
              },
            ],
          },
        ],
      },
    });
    expect(answer.text).not.toMatch(/q u i t|gladly|start/);
  });

  it('refuses a set that the own words of before conflict with, and says where they stand', async () => {
    const own = { ...cell, list_type: 'OPT_OUT_MARKETING', words: ['cancel'] };
    expect((await world.call('PATCH', path(), { keywords: [own] })).status).toBe(200);
    expect(await faultOf(path(), { keyword_sets: ['US', 'SINCH'] })).toMatchObject(
      atField('keywords[0].words[0]'),
    );
    expect((await world.call('GET', path())).body).toMatchObject({ keyword_sets: ['SINCH'] });
  });

  it('tells ten conflicts, not hundreds', async () => {
    const words = Array.from({ length: 20 }, (_, n) => '-'.repeat(n + 1) + 'quit');
    const answer = await faultOf(path(), {
      keyword_sets: ['US'],
      keywords: [{ ...cell, direction: 'OPT_IN', words }],
    });
    expect(answer.text.match(/"field"/g)).toHaveLength(10);
  });

  it('takes words and answers for help, and gives them back', async () => {
    const help = [
      { language: 'EN', words: ['Aid'], replace_defaults: true, text: 'Call 1-800.' },
      { language: 'ES', words: [], replace_defaults: false },
    ];
    const given = [help[0], { language: 'ES' }];
    const { status, body } = await world.call('PATCH', path(), {
      keyword_sets: ['SINCH', 'US'],
      help: given,
    });
    expect([status, body['help']]).toEqual([200, help]);
    expect((await world.call('GET', path())).body).toEqual(body);
    // What was settled about help stays when something else is changed.
    expect((await world.call('PATCH', path(), { mode: 'SECONDARY' })).body).toMatchObject({ help });
    expect((await world.call('PATCH', path(), { help: [] })).body).toMatchObject({ help: [] });
  });
});

describe('channel-settings', () => {
  const path = () => `/apps/${appId}/channel-settings`;
  const http = { type: 'http', url: 'https://gateway.example.com/send', secret: 'gateway-secret' };

  it('moves an app to its own gateway, its secret sealed and masked', async () => {
    const { body } = await world.call('PATCH', path(), http);
    expect(body).toEqual({ ...http, secret: '********', idempotent: false });
    expect((await world.call('GET', path())).body).toEqual(body);
    expect(JSON.stringify(await world.events())).not.toContain('gateway-secret');
  });

  it('keeps what is absent or masked, and goes back to the simulator', async () => {
    await world.call('PATCH', path(), http);
    const sealed = async () => {
      const last = (await world.events()).at(-1);
      return last?.type === 'channel-settings-changed' && last.data.state.channel.type === 'http'
        ? last.data.state.channel.sealedSecret
        : undefined;
    };
    const before = await sealed();
    const { body } = await world.call('PATCH', path(), { idempotent: true, secret: '********' });
    expect(body).toEqual({ ...http, secret: '********', idempotent: true });
    expect(await sealed()).toBe(before);
    expect((await world.call('PATCH', path(), { type: 'simulator' })).body).toEqual({ type: 'simulator' });
  });

  it.each([
    ['an unknown type', { type: 'pigeon' }, 'type'],
    ['an unknown key', { ...http, token: 'x' }, 'body'],
    ['no url', { type: 'http', secret: 's' }, 'url'],
    ['no secret', { type: 'http', url: http.url }, 'secret'],
    ['a mask where no secret stands', { ...http, secret: '********' }, 'secret'],
    ['a private address', { ...http, url: 'https://192.168.1.1/' }, 'url'],
    ['a field of another type', { type: 'simulator', url: http.url }, 'url'],
  ])('refuses %s', async (_name, body, field) => {
    expect(await faultOf(path(), body)).toMatchObject(atField(field));
  });
});

describe('delivery-settings', () => {
  const newWebhook = async (): Promise<string> => {
    const { body } = await world.call('POST', '/webhooks', {
      app_id: appId,
      target: 'https://a.example.com',
    });
    return `/webhooks/${String(body['id'])}/delivery-settings`;
  };

  it('starts durable with 15 s, changes key by key', async () => {
    const path = await newWebhook();
    expect((await world.call('GET', path)).body).toEqual({ profile: 'durable', timeout_s: 15 });
    await world.call('PATCH', path, { profile: 'sinch', delays: [1, 60] });
    expect((await world.call('PATCH', path, { timeout_s: 30 })).body).toEqual({
      profile: 'sinch',
      delays: [1, 60],
      timeout_s: 30,
    });
    expect((await world.call('PATCH', path, { delays: null })).body).toEqual({
      profile: 'sinch',
      timeout_s: 30,
    });
    expect((await world.call('GET', path)).body).toEqual({ profile: 'sinch', timeout_s: 30 });
  });

  it.each([
    [{ timeout_s: 0 }, 'timeout_s'],
    [{ timeout_s: 31 }, 'timeout_s'],
    [{ profile: 'eager' }, 'profile'],
    [{ delays: [0] }, 'delays.0'],
    [{ delays: Array.from({ length: 51 }, () => 1) }, 'delays'],
    [{ timeout: 3 }, 'body'],
  ])('refuses %j', async (body, field) => {
    expect(await faultOf(await newWebhook(), body)).toMatchObject(atField(field));
  });

  it('answers 404 for a webhook that is not there', async () => {
    expect((await world.call('GET', '/webhooks/none/delivery-settings')).status).toBe(404);
  });
});
