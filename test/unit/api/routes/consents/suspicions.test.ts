import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_CONTACT, evolveContact } from '../../../../../domain/consent/consent.js';
import type { ContactStreamEvent } from '../../../../../domain/events/events.js';
import type { SuspectedStops } from '../../../../../domain/settings.js';
import { apiWorld, sms, type ApiWorld } from '../../../../worlds/api-world.js';

const PHONE = '46700000001';
const SENTENCE = 'Please stop texting me!';

let world: ApiWorld;
beforeEach(async () => {
  world = await apiWorld();
});
afterEach(async () => {
  await world.close();
});

type Row = Readonly<Record<string, unknown>>;
const set = (suspectedStops: SuspectedStops) =>
  world.setConsent((consent) => ({ ...consent, suspectedStops }));
async function write(text: string, identity = PHONE): Promise<string> {
  const answer = await world.call('POST', `/apps/${world.appId}/inbound/generic`, sms(identity, text));
  expect(answer.status).toBe(200);
  return String(answer.body['event_id']);
}
async function list(query = ''): Promise<{ readonly rows: readonly Row[]; readonly token: string }> {
  const { status, body } = await world.call('GET', `/apps/${world.appId}/suspicions${query}`);
  expect(status).toBe(200);
  return { rows: body['suspicions'] as Row[], token: String(body['next_page_token']) };
}
const decide = (id: string, decision: string, scope: 'admin' | 'send' = 'admin') =>
  world.call('POST', `/apps/${world.appId}/suspicions/${id}:decide`, { decision }, { scope });
const check = async () =>
  (
    await world.call('POST', `/apps/${world.appId}/consents:check`, {
      ...{ identity: PHONE, message_content_type: 'CONTENT_MARKETING' },
    })
  ).body;

describe('the list of suspected stops', () => {
  it('shows what the person wrote, and why it was suspected', async () => {
    const id = await write(SENTENCE);
    await write('hello');
    expect((await list()).rows).toEqual([
      {
        ...{ id, identity: PHONE, channel: 'SMS', text: SENTENCE, phrase: 'stop texting me', language: 'EN' },
        ...{ list_type: 'OPT_OUT_ALL', treatment: 'flag', state: 'open', held_until: null },
        ...{ decision: null, decided_at: null, decided_by: null, decision_event_id: null },
        received_at: '2026-01-02T03:04:05.678Z',
        message_id: expect.any(String) as string,
      },
    ]);
  });

  it('goes page by page, oldest first, and its tokens hold no identity', async () => {
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(await write(SENTENCE, `4670000000${String(n)}`));
    const first = await list('?page_size=3');
    const second = await list(`?page_size=3&page_token=${first.token}`);
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(ids);
    expect(second.token).toBe('');
    expect(Buffer.from(first.token, 'base64url').toString('latin1')).not.toMatch(/4670/);
    const other = await world.call(
      'GET',
      `/apps/${world.appId}/suspicions?state=open&page_token=${first.token}`,
    );
    expect(other.status).toBe(400);
  });

  it('tells the open ones from those that were settled, however they were', async () => {
    const open = await write(SENTENCE, '46700000002');
    const overtaken = await write(SENTENCE);
    const byKeyword = await write('START');
    await set('obey');
    const obeyed = await write(SENTENCE, '46700000003');
    expect((await list('?state=open')).rows.map(({ id }) => id)).toEqual([open]);
    const settled = (await list('?state=decided')).rows;
    expect(settled.map(({ id, decision }) => [id, decision])).toEqual([
      [overtaken, 'overtaken'],
      [obeyed, 'obeyed'],
    ]);
    const events = await world.events();
    const keyword = events.find(({ meta }) => meta.causationId === byKeyword);
    expect(settled[0]?.['decision_event_id']).toBe(keyword?.id);
    expect((await decide(overtaken, 'stop')).status).toBe(409);
    expect((await decide(obeyed, 'not_a_stop')).status).toBe(409);
  });
});

describe('a decision', () => {
  it('for a stop opts the person out by what they wrote, in the name of whoever decided', async () => {
    const id = await write('stop sending me promotions');
    const answer = await decide(id, 'stop');
    expect(answer).toMatchObject({ status: 200, body: { id, decision: 'stop', repeated: false } });
    const events = await world.events();
    const [decided, optedOut] = events.slice(-2);
    expect(decided).toMatchObject({
      ...{ id: answer.body['event_id'], type: 'suspicion-decided' },
      meta: { actor: { type: 'access-key' }, causationId: id },
    });
    expect(optedOut).toMatchObject({
      type: 'opted-out',
      data: {
        listType: 'OPT_OUT_MARKETING',
        origin: 'ORIGIN_API',
        moved: ['OPT_OUT_MARKETING'],
        reply: null,
      },
      personal: { identity: PHONE, evidenceText: 'stop sending me promotions' },
      meta: { actor: decided?.meta.actor, causationId: id },
    });
    expect(await check()).toMatchObject({ allowed: false, reason: 'RECIPIENT_NOT_OPTED_IN' });
    const state = (events as readonly ContactStreamEvent[])
      .slice(-3)
      .reduce((before, event, revision) => evolveContact(before, { revision, event }), EMPTY_CONTACT);
    expect(optedOut).toMatchObject({ data: { state } });
  });

  it('counts once: the same again changes nothing, another is refused', async () => {
    const id = await write(SENTENCE);
    const first = await decide(id, 'not_a_stop');
    const before = (await world.events()).length;
    expect((await decide(id, 'not_a_stop')).body).toEqual({ ...first.body, repeated: true });
    expect((await decide(id, 'stop')).status).toBe(409);
    expect(await world.events()).toHaveLength(before);
    expect((await list()).rows).toMatchObject([
      { state: 'decided', decision: 'not_a_stop', decision_event_id: first.body['event_id'] },
    ]);
  });

  it('ends the waiting of marketing, which ends by itself after 72 hours', async () => {
    await set('hold');
    const id = await write(SENTENCE);
    expect(await check()).toMatchObject({ allowed: false, reason: 'SUSPECTED_STOP', event_id: id });
    expect((await list()).rows).toMatchObject([
      { treatment: 'hold', held_until: '2026-01-05T03:04:05.678Z' },
    ]);
    await decide(id, 'not_a_stop');
    expect(await check()).toMatchObject({ allowed: true, reason: 'NO_OPT_OUT' });
    await write('and stop calling me as well');
    expect(await check()).toMatchObject({ reason: 'SUSPECTED_STOP' });
    world.clock.ms += 72 * 3_600_000;
    expect(await check()).toMatchObject({ allowed: true });
  });

  it('needs the scope admin, a known suspicion and one of two words', async () => {
    const id = await write(SENTENCE);
    const plain = await write('hello');
    expect((await decide(id, 'stop', 'send')).status).toBe(403);
    expect((await decide(id, 'maybe')).status).toBe(400);
    expect((await decide(plain, 'stop')).status).toBe(404);
    expect((await decide('00000000-0000-0000-0000-000000000000', 'stop')).status).toBe(404);
    expect(world.logLines.join('')).not.toMatch(/texting|46700000001/);
  });
});
