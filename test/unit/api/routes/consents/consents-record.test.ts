import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, sms, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

type Result = Readonly<{ status: string; changed?: boolean; code?: string; event_id: string }>;
const path = () => `/apps/${world.appId}/consents:record`;
const post = (records: unknown, key?: string) =>
  world.call(
    'POST',
    path(),
    { records },
    { scope: 'send', ...(key && { headers: { 'idempotency-key': key } }) },
  );
async function record(records: unknown, key?: string): Promise<readonly Result[]> {
  const answer = await post(records, key);
  expect(answer.status, answer.text).toBe(200);
  return answer.body['results'] as Result[];
}
let phones = 0;
const newPhone = () => `4671000${String((phones += 1)).padStart(4, '0')}`;
const change = (identity: string, direction: 'OPT_OUT' | 'OPT_IN', more: object = {}) => ({
  ...{ identity, list_type: 'OPT_OUT_MARKETING', direction, reason: 'told us', ...more },
});
const obtained = (ms: number) => ({
  evidence: { obtained_at: new Date(world.clock.ms + ms).toISOString(), text: 'box ticked' },
});
const write = (identity: string, text: string) =>
  world.call('POST', `/apps/${world.appId}/inbound/generic`, sms(identity, text));
const isOut = async (identity: string) =>
  (
    await world.call('POST', `/apps/${world.appId}/consents:check`, {
      ...{ identity, message_content_type: 'CONTENT_MARKETING' },
    })
  ).body['allowed'] === false;

describe('POST consents:record', () => {
  it('moves contacts both ways, with who, why and what shows it, and answers each in its place', async () => {
    const [one, other] = [newPhone(), newPhone()];
    const results = await record([
      change(`+${one}`, 'OPT_OUT', obtained(-5_000)),
      change(other, 'OPT_IN'),
      change(`00${one}`, 'OPT_OUT'),
    ]);
    expect(results).toMatchObject([
      { status: 'RECORDED', changed: true },
      { status: 'RECORDED', changed: false },
      { status: 'RECORDED', changed: false },
    ]);
    const events = await world.events();
    const [admin] = world.credentials('send').split(':');
    expect(events.find(({ id }) => id === results[0]?.event_id)).toMatchObject({
      type: 'opted-out',
      data: {
        origin: 'ORIGIN_API',
        notify: false,
        reply: null,
        evidence: { obtainedAt: '2026-01-02T03:04:00.678Z' },
      },
      personal: { identity: one, reason: 'told us', evidenceText: 'box ticked' },
      meta: { actor: { type: 'access-key', id: admin } },
    });
    expect(await isOut(one)).toBe(true);
  });

  it('keeps a person’s own opt-out against older and against no evidence', async () => {
    const phone = newPhone();
    await write(phone, 'STOP MARKETING');
    const stop = (await world.events()).findLast(({ type }) => type === 'opted-out')?.id;
    world.clock.ms += 10_000;
    const refused = { status: 'REFUSED', code: 'NEWER_OPT_OUT', event_id: stop };
    const before = world.ledger.headPosition();
    expect(await record([change(phone, 'OPT_IN'), change(phone, 'OPT_IN', obtained(-10_000))])).toEqual([
      refused,
      refused,
    ]);
    expect(world.ledger.headPosition()).toBe(before);
    expect(await record([change(phone, 'OPT_IN', obtained(-9_999))])).toMatchObject([
      { status: 'RECORDED', changed: true },
    ]);
    expect(await isOut(phone)).toBe(false);
    // What a system did, a system may undo.
    await record([change(phone, 'OPT_OUT')]);
    expect(await record([change(phone, 'OPT_IN')])).toMatchObject([{ status: 'RECORDED', changed: true }]);
  });

  it('records contradictions of one request in their order', async () => {
    const [one, other, third] = [newPhone(), newPhone(), newPhone()];
    const results = await record([
      ...[change(one, 'OPT_OUT'), change(one, 'OPT_IN'), change(one, 'OPT_IN')],
      ...[change(other, 'OPT_IN'), change(other, 'OPT_OUT')],
      ...[change(third, 'OPT_OUT', obtained(0)), change(third, 'OPT_IN')],
    ]);
    expect(results.map(({ status, changed }) => changed ?? status)).toEqual([
      ...[true, true, false],
      ...[false, true],
      ...[true, 'REFUSED'],
    ]);
    expect(await Promise.all([one, other, third].map(isOut))).toEqual([false, true, true]);
  });

  it('records identities of other channels byte by byte', async () => {
    const telegram = { channel: 'TELEGRAM' };
    await record([change('@someone', 'OPT_OUT', telegram), change('+1 2 3 4 5', 'OPT_OUT', telegram)]);
    const standing = await world.call('GET', `/apps/${world.appId}/consents/identities/%40someone/standing`);
    expect(standing.body).toMatchObject({ identity: '@someone', lists: [{}, { opted_out: true }, {}] });
    expect(await isOut('12345')).toBe(false);
  });

  it('takes 1,000 records in few commits', async () => {
    const records = Array.from({ length: 1_000 }, (_, n) => change(String(46_720_000_000 + n), 'OPT_OUT'));
    let commits = 0;
    const stop = world.ledger.onAppended(() => {
      commits += 1;
    });
    const results = await record(records, 'thousand');
    stop();
    expect(new Set(results.map(({ event_id }) => event_id)).size).toBe(1_000);
    expect(commits).toBeLessThanOrEqual(40);
    const again = world.ledger.headPosition();
    expect(await record(records, 'thousand')).toEqual(results);
    expect(world.ledger.headPosition()).toBe(again);
  });

  it('takes 1,000 records with evidence of 2,000 characters each', async () => {
    const evidence = { obtained_at: '2026-01-01T00:00:00Z', text: 'x'.repeat(2_000) };
    const records = Array.from({ length: 1_000 }, (_, n) =>
      change(String(46_730_000_000 + n), 'OPT_OUT', { evidence }),
    );
    expect((await record(records)).length).toBe(1_000);
    const twice = [...records, ...records].map((one, n) => ({ ...one, reason: String(n) }));
    expect(await post(twice)).toMatchObject({
      status: 413,
      text: expect.stringContaining('larger') as string,
    });
  });

  it('answers 400 for another request under the same key, in whatever order its keys stand', async () => {
    const phone = newPhone();
    const first = await record([change(phone, 'OPT_OUT')], 'k1');
    const { reason, ...rest } = change(phone, 'OPT_OUT');
    expect(await record([{ reason, ...rest }], 'k1')).toEqual(first);
    const other = await post([change(phone, 'OPT_IN')], 'k1');
    expect(other).toMatchObject({ status: 400, text: expect.stringContaining('idempotency-key') as string });
    expect(await isOut(phone)).toBe(true);
  });

  it('tells the customer’s systems where the app asks for it', async () => {
    await world.setConsent((consent) => ({ ...consent, callbackOnApi: true }));
    const [result] = await record([change(newPhone(), 'OPT_OUT')]);
    const events = await world.events();
    expect(events.find(({ id }) => id === result?.event_id)).toMatchObject({ data: { notify: true } });
    await world.setConsent((consent) => ({ ...consent, callbackOnApi: false }));
  });

  it('forgives a clock that is a minute ahead, without letting it date into the future', async () => {
    const phone = newPhone();
    const [result] = await record([change(phone, 'OPT_OUT', obtained(60_000))]);
    const event = (await world.events()).find(({ id }) => id === result?.event_id);
    expect(event).toMatchObject({ data: { evidence: { obtainedAt: event?.meta.recordedAt } } });
    const late = await post([change(phone, 'OPT_OUT', obtained(60_001))]);
    expect(late).toMatchObject({
      status: 400,
      text: expect.stringContaining(
        'records.0.evidence.obtained_at: expected a moment that has passed',
      ) as string,
    });
  });

  it('takes evidence from before time without stumbling', async () => {
    const evidence = { obtained_at: '0000-01-01T00:00:00+14:00', text: 'stone' };
    expect(await record([change(newPhone(), 'OPT_OUT', { evidence })])).toMatchObject([
      { status: 'RECORDED' },
    ]);
  });

  it('shows no identity, reason or text in the log', () => {
    expect(world.logLines.join('')).not.toMatch(/4671000|46720000|told us|box ticked|thousand/);
  });
});
