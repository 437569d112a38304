import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apiWorld, sms, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeEach(async () => {
  world = await apiWorld();
});
afterEach(async () => {
  vi.useRealTimers();
  await world.close();
});

const post = (body: unknown, scope: 'inbound' | 'read' | 'other-project' = 'inbound') =>
  world.call('POST', `/apps/${world.appId}/inbound/generic`, body, { scope });

describe('POST inbound/generic', () => {
  it('answers what the ledger holds', async () => {
    const answer = await post(
      sms('+46 700 000 001', 'Stop Marketing', { received_at: '2026-01-02T04:04:00+01:00', metadata: 'm' }),
    );
    expect(answer).toMatchObject({
      status: 200,
      body: {
        duplicate: false,
        matched: { list_type: 'OPT_OUT_MARKETING', direction: 'OPT_OUT', language: 'EN' },
      },
    });
    const received = (await world.events()).find(({ type }) => type === 'message-received');
    expect(received).toMatchObject({
      id: answer.body['event_id'],
      data: { messageId: answer.body['message_id'], provider: 'generic' },
      personal: { identity: '46700000001', metadata: 'm' },
      meta: { occurredAt: '2026-01-02T03:04:00.000Z' },
    });
    expect(Object.keys(answer.body)).toEqual(['message_id', 'event_id', 'duplicate', 'matched', 'suspected']);
  });

  it('says what was heard in a sentence, the same to a redelivery', async () => {
    const body = sms('46700000001', 'Please stop texting me!');
    const first = await post(body);
    expect(first.body).toMatchObject({
      matched: null,
      suspected: { list_type: 'OPT_OUT_ALL', phrase: 'stop texting me', language: 'EN' },
    });
    expect((await post(body)).body).toEqual({ ...first.body, duplicate: true });
    expect((await post(sms('46700000001', 'STOP'))).body).toMatchObject({ suspected: null });
    expect(world.logLines.join('')).not.toMatch(/texting/);
  });

  it('answers a redelivery with what it answered first', async () => {
    const body = sms('46700000001', 'STOP');
    const first = await post(body);
    const before = await world.events();
    expect((await post(body)).body).toEqual({ ...first.body, duplicate: true });
    expect(await world.events()).toHaveLength(before.length);
  });

  it('takes a used id with another text as a new message and warns without contents', async () => {
    const body = sms('46700000001', 'hello');
    await post(body);
    const answer = await post({ ...body, text: 'STOP' });
    expect(answer.body).toMatchObject({ duplicate: false, matched: { direction: 'OPT_OUT' } });
    const warnings = world.logLines.filter((line) => line.includes('"level":40'));
    expect(warnings).toHaveLength(1);
    expect(world.logLines.join('')).not.toMatch(/46700000001|hello|STOP|m-\d/);
  });

  it('records a message without text', async () => {
    const { text: _, ...media } = sms('46700000001', '');
    expect(await post(media)).toMatchObject({ status: 200, body: { matched: null } });
  });

  it.each([
    ['an alphanumeric sender', 'Bank ABC', 'Bank ABC'],
    ['a national number', '0700000001', '0700000001'],
    ['128 characters', 'x'.repeat(128), 'x'.repeat(128)],
  ])('never refuses %s', async (_, identity, kept) => {
    expect((await post(sms(identity, 'STOP'))).status).toBe(200);
    const received = (await world.events()).find(({ type }) => type === 'message-received');
    expect(received).toMatchObject({ personal: { identity: kept } });
  });

  it('needs the scope inbound and a key of the project', async () => {
    const before = await world.events();
    expect((await post(sms('46700000001', 'STOP'), 'read')).status).toBe(403);
    expect((await post(sms('46700000001', 'STOP'), 'other-project')).status).toBe(403);
    expect(await world.events()).toHaveLength(before.length);
  });

  it('answers 503 when the ledger takes longer than the deadline', async () => {
    await world.close();
    let reached = (): void => undefined;
    const appending = new Promise<void>((resolve) => (reached = resolve));
    world = await apiWorld((ledger) => ({
      ...ledger,
      append: async () => {
        reached();
        return new Promise(() => undefined);
      },
    }));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = post(sms('46700000001', 'STOP'));
    await appending;
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await answer).toMatchObject({
      status: 503,
      body: { error: { status: 'UNAVAILABLE', message: 'outcome unknown, repeat with the same message_id' } },
    });
  });
});
