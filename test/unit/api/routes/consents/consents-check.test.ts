import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, sms, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const check = async (appId: string, identity: string, more: Record<string, unknown> = {}) =>
  world.call('POST', `/apps/${appId}/consents:check`, { identity, ...more }, { scope: 'read' });
const write = (appId: string, identity: string, text: string, channel = 'SMS') =>
  world.call('POST', `/apps/${appId}/inbound/generic`, { ...sms(identity, text), channel });
const iso = () => new Date(world.clock.ms).toISOString();
const lastId = async () => (await world.events()).at(-1)?.id;
const configure = (appId: string, patch: object) =>
  world.call('PATCH', `/apps/${appId}/consent-settings`, patch);

describe('POST consents:check', () => {
  it('answers from the acknowledgement on, for each content type, with list and event', async () => {
    const appId = await world.newApp();
    expect((await check(appId, '46700000001')).body).toEqual({
      allowed: true,
      reason: 'NO_OPT_OUT',
      decided_at: iso(),
      mode: 'PRIMARY',
    });
    await write(appId, '46700000001', 'STOP MARKETING');
    const stop = await lastId();
    const marketing = { message_content_type: 'CONTENT_MARKETING' };
    expect((await check(appId, '+46 70-000 00 01', marketing)).body).toEqual({
      allowed: false,
      reason: 'RECIPIENT_NOT_OPTED_IN',
      list_type: 'OPT_OUT_MARKETING',
      event_id: stop,
      decided_at: iso(),
      mode: 'PRIMARY',
    });
    expect((await check(appId, '46700000001')).body).toMatchObject({ allowed: true });
    await write(appId, '46700000001', 'STOP');
    expect((await check(appId, '46700000001')).body).toMatchObject({
      allowed: false,
      list_type: 'OPT_OUT_ALL',
      event_id: await lastId(),
    });
  });

  it('tells of an opt-out that is not enforced', async () => {
    const appId = await world.newApp();
    await write(appId, '46700000002', 'STOP');
    const list = { list_type: 'OPT_OUT_ALL', event_id: await lastId() };
    await configure(appId, { mode: 'SECONDARY' });
    expect((await check(appId, '46700000002')).body).toMatchObject({
      ...{ allowed: true, reason: 'SECONDARY_MODE', mode: 'SECONDARY' },
      ...list,
    });
    await configure(appId, { enabled: false });
    expect((await check(appId, '46700000002')).body).toMatchObject({
      ...{ allowed: true, reason: 'CONSENT_DISABLED' },
      ...list,
    });
  });

  it('reads an identity as a send does: by its channel', async () => {
    const appId = await world.newApp();
    await write(appId, '+1 2 3 4', 'STOP', 'TELEGRAM');
    expect((await check(appId, '+1 2 3 4', { channel: 'TELEGRAM' })).body).toMatchObject({ allowed: false });
    expect((await check(appId, '+1 2 3 4')).body).toMatchObject({ allowed: true });
    expect((await check(appId, '1234', { channel: 'WHATSAPP' })).body).toMatchObject({ allowed: true });
    await write(appId, '1234', 'STOP', 'WHATSAPP');
    expect((await check(appId, '+1 2 3 4')).body).toMatchObject({ allowed: false });
  });

  it('keeps apps apart', async () => {
    const [one, other] = [await world.newApp(), await world.newApp()];
    await write(one, '46700000003', 'STOP');
    expect((await check(other, '46700000003')).body).toMatchObject({ allowed: true });
  });
});

describe('a past moment', () => {
  it('is answered by standing, mode and settings of then, in check and in standing', async () => {
    world.clock.ms += 1_000;
    const before = iso();
    world.clock.ms += 1_000;
    const appId = await world.newApp();
    const moments: string[] = [];
    const answers: unknown[] = [];
    const standings: unknown[] = [];
    const standing = (query = '') =>
      world.call('GET', `/apps/${appId}/consents/identities/46700000004/standing${query}`);
    const steps = [
      () => write(appId, '46700000004', 'hello'),
      () => write(appId, '46700000004', 'STOP'),
      () => configure(appId, { mode: 'SECONDARY' }),
      () => write(appId, '46700000004', 'START'),
      () => configure(appId, { mode: 'PRIMARY' }),
      () => write(appId, '46700000004', 'STOP'),
      () => world.call('DELETE', `/apps/${appId}`),
    ];
    for (const step of steps) {
      moments.push(iso());
      answers.push((await check(appId, '46700000004')).body);
      standings.push((await standing()).body);
      world.clock.ms += 1_000;
      await step();
    }
    world.clock.ms += 1_000;
    expect(new Set(answers.map((answer) => (answer as { reason: string }).reason)).size).toBe(3);
    for (const [n, at] of moments.entries()) {
      expect((await check(appId, '46700000004', { at })).body, String(n)).toEqual(answers[n]);
      expect((await standing(`?at=${at}`)).body, String(n)).toEqual(standings[n]);
    }
    // The app is deleted now, and was not there before.
    expect((await check(appId, '46700000004')).status).toBe(404);
    expect((await check(appId, '46700000004', { at: before })).status).toBe(404);
    expect((await standing(`?at=${before}`)).status).toBe(404);
  });

  it('may be written with an offset, and has to have passed', async () => {
    const appId = await world.newApp();
    world.clock.ms += 1_000;
    const at = iso();
    const inStockholm = new Date(world.clock.ms + 3_600_000).toISOString().replace('Z', '+01:00');
    expect((await check(appId, '46700000005', { at: inStockholm })).body['decided_at']).toBe(at);
    const query = `?at=${inStockholm.replace('+', '%2B')}`;
    const path = `/apps/${appId}/consents/identities/46700000005/standing`;
    expect((await world.call('GET', path + query)).status).toBe(200);
    for (const [wrong, status] of [
      [new Date(world.clock.ms + 1).toISOString(), 400],
      ['2026-01-02', 400],
      ['yesterday', 400],
      ['0000-01-01T00:00:00+14:00', 404],
    ] as const) {
      const answer = await check(appId, '46700000005', { at: wrong });
      expect(answer.status, wrong).toBe(status);
      if (status === 400) expect(answer.text).toContain('at: expected');
    }
  });
});
