import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { disableEndpoint } from '../../../../../ledger/commands/endpoint-commands.js';
import { apiWorld, PROJECT, type Answer, type ApiWorld } from '../../../../worlds/api-world.js';

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

const KEYS = ['id', 'app_id', 'target', 'target_type', 'secret', 'triggers', 'client_credentials'];
const create = (more: Record<string, unknown> = {}) =>
  world.call('POST', '/webhooks', { app_id: appId, target: 'https://a.example.com/hook', ...more });
const idOf = ({ body }: Answer): string => String(body['id']);
const fieldsAtFault = ({ body }: Answer) =>
  (body['error'] as { details: { fieldViolations: { field: string }[] }[] }).details.flatMap((detail) =>
    detail.fieldViolations.map(({ field }) => field),
  );

describe('webhooks', () => {
  it('always have all seven keys', async () => {
    const { status, body } = await create();
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(KEYS);
    expect(body).toMatchObject({
      app_id: appId,
      target_type: 'HTTP',
      secret: '',
      triggers: [],
      client_credentials: null,
    });
  });

  it('echo what was given, secrets too, and keep these sealed', async () => {
    const given = {
      target: 'https://b.example.com/hook',
      target_type: 'DISMISS',
      secret: 'signing-secret',
      triggers: ['OPT_OUT', 'OPT_IN', 'SMART_CONVERSATION', 'SMART_CONVERSATIONS', 'BATCH_STATUS_UPDATE'],
      client_credentials: {
        client_id: 'me',
        client_secret: 'oauth-secret',
        endpoint: 'https://c.example.com/token',
      },
    };
    const created = await create(given);
    expect(created.body).toMatchObject({
      ...given,
      client_credentials: { ...given.client_credentials, token_request_type: 'BASIC' },
    });
    expect((await world.call('GET', `/webhooks/${idOf(created)}`)).body).toEqual(created.body);
    expect((await world.call('GET', `/apps/${appId}/webhooks`)).body).toEqual({ webhooks: [created.body] });
    expect(JSON.stringify(await world.events())).not.toMatch(/signing-secret|oauth-secret/);
  });

  it('are at most five for an app', async () => {
    for (let n = 1; n <= 5; n++)
      expect((await create({ target: `https://a.example.com/${String(n)}` })).status).toBe(200);
    expect(await create({ target: 'https://a.example.com/6' })).toMatchObject({
      status: 400,
      body: { error: { code: 400, status: 'FAILED_PRECONDITION' } },
    });
  });

  it('have a target that no other of the app has', async () => {
    const first = await create();
    expect(await create()).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
    const second = await create({ target: 'https://b.example.com' });
    const taken = await world.call('PATCH', `/webhooks/${idOf(second)}`, {
      target: 'https://a.example.com/hook',
    });
    expect(taken).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
    // Some clients send the target with every change.
    const own = await world.call('PATCH', `/webhooks/${idOf(first)}`, {
      target: 'https://a.example.com/hook',
      secret: 's',
    });
    expect(own).toMatchObject({ status: 200, body: { secret: 's' } });
  });

  it('are removed with an empty answer, also by a DELETE with a JSON content type and no body', async () => {
    const id = idOf(await create());
    const answer = await world.app.inject({
      method: 'DELETE',
      url: `/v1/projects/${PROJECT}/webhooks/${id}`,
      headers: {
        authorization: `Basic ${btoa(world.credentials('admin'))}`,
        'content-type': 'application/json',
      },
    });
    expect([answer.statusCode, answer.body]).toEqual([200, '{}']);
    expect((await world.call('GET', `/webhooks/${id}`)).status).toBe(404);
    expect((await world.call('DELETE', `/webhooks/${id}`)).status).toBe(404);
  });

  it('cannot be created on the path of an app', async () => {
    expect(await world.call('POST', `/apps/${appId}/webhooks`, {})).toMatchObject({
      status: 501,
      body: { error: { code: 501, status: 'UNIMPLEMENTED', details: [] } },
    });
  });

  it('belong to their project', async () => {
    const id = idOf(await create());
    const url = `/v1/projects/p2/webhooks/${id}`;
    const headers = { authorization: `Basic ${btoa(world.credentials('other-project'))}` };
    expect((await world.app.inject({ url, headers })).statusCode).toBe(404);
    expect((await world.call('GET', `/webhooks/${id}`, undefined, { scope: 'other-project' })).status).toBe(
      403,
    );
  });

  it.each([
    ['no target', { target: undefined }, ['target']],
    ['a target that is no URL', { target: 'hook' }, ['target']],
    ['a target over 742 characters', { target: `https://a.example.com/${'x'.repeat(721)}` }, ['target']],
    ["Sinch's own host", { target: 'https://conversation-api.us.sinch.com/x' }, ['target']],
    ['a private address', { target: 'https://10.0.0.1/' }, ['target']],
    ['plain http', { target: 'http://a.example.com/' }, ['target']],
    ['a user name in the target', { target: 'https://user:word@a.example.com/' }, ['target']],
    ['the unspecified trigger', { triggers: ['UNSPECIFIED_TRIGGER'] }, ['triggers.0']],
    ['an unknown trigger', { triggers: ['OPT_OUT', 'NEWS'] }, ['triggers.1']],
    ['an unknown target type', { target_type: 'GRPC' }, ['target_type']],
    [
      'credentials without an endpoint',
      { client_credentials: { client_id: 'a', client_secret: 'b' } },
      ['client_credentials.endpoint'],
    ],
    [
      'credentials at a private address',
      { client_credentials: { client_id: 'a', client_secret: 'b', endpoint: 'https://[::1]/' } },
      ['client_credentials.endpoint'],
    ],
  ])('refuse %s', async (_name, more, fields) => {
    const answer = await create(more);
    expect(answer.status).toBe(400);
    expect(fieldsAtFault(answer)).toEqual(fields);
    expect((await world.call('GET', `/apps/${appId}/webhooks`)).body).toEqual({ webhooks: [] });
  });

  it('answer 404 for an app that is not there', async () => {
    expect((await create({ app_id: 'elsewhere' })).status).toBe(404);
    expect((await world.call('GET', '/apps/elsewhere/webhooks')).status).toBe(404);
  });

  it('warn in the log of secrets that are missing or short, without showing them', async () => {
    world.logLines.length = 0;
    await create();
    await create({ target: 'https://b.example.com', secret: 'tiny' });
    const warnings = world.logLines.filter((line) => line.includes('"level":40'));
    expect(warnings).toHaveLength(2);
    expect(world.logLines.join('')).not.toMatch(/tiny|example\.com/);
  });
});

describe('PATCH webhook', () => {
  const stored = async () => idOf(await create({ secret: 'old', triggers: ['OPT_IN'] }));
  const body = { target: 'https://new.example.com', secret: 'new', triggers: ['OPT_OUT'] };

  it.each([
    ['?update_mask=triggers,secret', {}],
    ['?update_mask.paths=triggers&update_mask.paths=secret', {}],
    ['', { update_mask: 'triggers,secret' }],
    ['', { update_mask: { paths: ['triggers', 'secret'] } }],
  ])('changes what the mask names: %s %j', async (query, more) => {
    const answer = await world.call('PATCH', `/webhooks/${await stored()}${query}`, { ...body, ...more });
    expect(answer.body).toMatchObject({
      target: 'https://a.example.com/hook',
      secret: 'new',
      triggers: ['OPT_OUT'],
    });
    expect(Object.keys(answer.body)).toEqual(KEYS);
  });

  it('without a mask merges, and keeps a target type that is absent', async () => {
    const answer = await world.call('PATCH', `/webhooks/${await stored()}`, { triggers: [] });
    expect(answer.body).toMatchObject({
      target_type: 'HTTP',
      secret: 'old',
      triggers: [],
      target: 'https://a.example.com/hook',
    });
  });

  it('takes a secret away that the mask names and the body lacks', async () => {
    const answer = await world.call('PATCH', `/webhooks/${await stored()}?update_mask=secret`, {});
    expect(answer.body).toMatchObject({ secret: '', triggers: ['OPT_IN'] });
  });

  it('looks at addresses that it would set, at no others', async () => {
    const id = await stored();
    const inside = { target: 'https://10.0.0.1/', triggers: [] };
    expect((await world.call('PATCH', `/webhooks/${id}?update_mask=triggers`, inside)).status).toBe(200);
    expect((await world.call('PATCH', `/webhooks/${id}?update_mask=target`, inside)).status).toBe(400);
    expect((await world.call('PATCH', `/webhooks/${id}`, inside)).status).toBe(400);
    const credentials = { client_id: 'a', client_secret: 'b', endpoint: 'https://10.0.0.1/' };
    const path = `/webhooks/${id}?update_mask=client_credentials.endpoint`;
    expect((await world.call('PATCH', path, { client_credentials: credentials })).status).toBe(400);
  });

  it('leaves a webhook with its app', async () => {
    const id = await stored();
    expect((await world.call('PATCH', `/webhooks/${id}`, { app_id: appId, secret: 's' })).status).toBe(200);
    expect(await world.call('PATCH', `/webhooks/${id}`, { app_id: 'other', secret: 's' })).toMatchObject({
      status: 400,
    });
  });

  it('revives a webhook that was gone when its target is named anew', async () => {
    const id = await stored();
    const target = { projectId: PROJECT, appId, endpointId: id, actor: { type: 'system' } } as const;
    const disabled = async () => {
      const last = (await world.events()).filter((event) => 'endpointId' in event.data).at(-1);
      return last !== undefined && 'state' in last.data && 'endpoints' in last.data.state
        ? last.data.state.endpoints[0]?.disabled
        : undefined;
    };
    await disableEndpoint(world, target, { reason: 'gone', address: 'https://moved.example.com' });
    expect(await disabled()).toBeNull();
    await disableEndpoint(world, target, { reason: 'gone', address: 'https://a.example.com/hook' });
    expect(await disabled()).toEqual({ reason: 'gone' });
    await world.call('PATCH', `/webhooks/${id}`, { secret: 'x' });
    expect(await disabled()).toEqual({ reason: 'gone' });
    await world.call('PATCH', `/webhooks/${id}`, { target: 'https://a.example.com/hook' });
    expect(await disabled()).toBeNull();
  });
});
