import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, sms, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
let other: string;
beforeAll(async () => {
  world = await apiWorld();
  other = await world.newApp();
  for (let i = 1; i <= 12; i += 1) await write(`4670000000${String(i % 10)}${String(i)}`, 'STOP');
});
afterAll(() => world.close());

const write = (identity: string, text: string, app = world.appId) =>
  world.call('POST', `/apps/${app}/inbound/generic`, sms(identity, text));
const list = (query = '', app = world.appId, listType = 'OPT_OUT_ALL') =>
  world.call('GET', `/apps/${app}/consents/${listType}${query}`, undefined, { scope: 'read' });

interface Page {
  readonly identities: { identity: string }[];
  readonly next_page_token: string;
}
const pageOf = async (query = '', app = world.appId): Promise<Page> =>
  (await list(query, app)).body as unknown as Page;

async function all(size: number): Promise<{ identities: string[]; sizes: number[] }> {
  const identities: string[] = [];
  const sizes: number[] = [];
  for (let token = ''; ;) {
    const page = await pageOf(`?page_size=${String(size)}${token === '' ? '' : `&page_token=${token}`}`);
    expect(token).toMatch(/^[A-Za-z0-9_-]*$/u);
    identities.push(...page.identities.map(({ identity }) => identity));
    sizes.push(page.identities.length);
    token = page.next_page_token;
    if (token === '') return { identities, sizes };
  }
}

describe('GET consents/{list_type}', () => {
  it('pages in the order of insertion, without gaps, repeats or an empty page', async () => {
    const whole = (await pageOf('?page_size=50')).identities.map(({ identity }) => identity);
    expect(whole).toHaveLength(12);
    expect(whole[0]).toBe('4670000000' + '11');
    for (const size of [1, 2, 5, 6, 12, 13]) {
      const paged = await all(size);
      expect(paged.identities).toEqual(whole);
      expect(paged.sizes.every((rows) => rows > 0)).toBe(true);
    }
  });

  it('has 10 rows unless told, and reads what is above 50 as 50', async () => {
    expect((await pageOf()).identities).toHaveLength(10);
    expect(await list('?page_size=99999999999')).toMatchObject({
      status: 200,
      body: { next_page_token: '' },
    });
  });

  it('is an empty last page for a list that nobody is on', async () => {
    expect((await list('', other)).body).toEqual({ identities: [], next_page_token: '' });
  });

  it('has no token on an empty page, also when the rest of a list went away between pages', async () => {
    const app = await world.newApp();
    await write('46711111111', 'STOP', app);
    await write('46722222222', 'STOP', app);
    const { next_page_token: token } = await pageOf('?page_size=1', app);
    await write('46722222222', 'START', app);
    expect(await pageOf(`?page_size=1&page_token=${token}`, app)).toEqual({
      identities: [],
      next_page_token: '',
    });
  });

  it('shows a change as soon as it is acknowledged', async () => {
    const app = await world.newApp();
    for (const text of ['STOP', 'START', 'STOP', 'START']) {
      await write('46711111111', text, app);
      expect((await pageOf('', app)).identities).toHaveLength(text === 'STOP' ? 1 : 0);
    }
  });

  it('refuses tokens of another list, altered ones, and other spellings', async () => {
    const { next_page_token: token } = await pageOf('?page_size=2');
    const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`;
    const answers = await Promise.all([
      list(`?page_token=${token}`, other),
      list(`?page_token=${token}`, world.appId, 'OPT_OUT_MARKETING'),
      list(`?page_token=${altered}`),
      list(`?page_token=${token}=`),
      list(`?page_token=a+b/c==`),
      list(`?page_token=${'A'.repeat(200)}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
    expect(answers[0].body).toMatchObject({
      error: { status: 'INVALID_ARGUMENT', message: expect.stringContaining('page_token') as string },
    });
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('467');
  });

  it('ignores query keys that it does not know', async () => {
    expect((await list('?page_size=2&colour=blue')).status).toBe(200);
  });
});

describe('GET consents/identities/{identity}', () => {
  const audit = (identity: string, app = world.appId) =>
    world.call('GET', `/apps/${app}/consents/identities/${identity}`, undefined, { scope: 'read' });

  it('tells every change with six keys, oldest first, whatever spelling of a number is asked for', async () => {
    const app = await world.newApp();
    const started = world.clock.ms;
    for (const text of ['STOP MARKETING', 'STOP', 'STOP', 'START', 'START']) {
      await write('+46 700 000 099', text, app);
      world.clock.ms += 1_000;
    }
    const answers = await Promise.all(
      ['46700000099', '+46700000099', '%2B46700000099', '0046700000099'].map((id) => audit(id, app)),
    );
    const record = (operation: string, listType: string, second: number) => ({
      origin: 'ORIGIN_MO',
      operation,
      list_type: listType,
      project_id: 'p1',
      app_id: app,
      datetime: new Date(started + second * 1_000).toISOString(),
    });
    expect(answers[0]?.body).toEqual({
      identity: { identity: '46700000099' },
      audit_records: [
        record('OPERATION_INSERT', 'OPT_OUT_MARKETING', 0),
        record('OPERATION_INSERT', 'OPT_OUT_ALL', 1),
        record('OPERATION_UPDATE', 'OPT_OUT_ALL', 2),
        record('OPERATION_DELETE', 'OPT_OUT_ALL', 3),
      ],
    });
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
  });

  it('finds identities of other channels byte by byte', async () => {
    const app = await world.newApp();
    const body = { ...sms('+123 456', 'STOP'), channel: 'TELEGRAM' };
    await world.call('POST', `/apps/${app}/inbound/generic`, body);
    expect((await audit('+123%20456', app)).body).toMatchObject({
      identity: { identity: '+123 456' },
      audit_records: [{ operation: 'OPERATION_INSERT' }],
    });
    expect((await audit('123456', app)).body).toMatchObject({ audit_records: [] });
  });

  it('echoes an identity that was never seen, canonical, with no records', async () => {
    expect((await audit('+46799999999')).body).toEqual({
      identity: { identity: '46799999999' },
      audit_records: [],
    });
    expect((await audit('Jos%C3%A9%20%F0%9F%98%80')).body).toEqual({
      identity: { identity: 'José 😀' },
      audit_records: [],
    });
  });

  it('keeps apps apart', async () => {
    expect((await audit('467000000011', other)).body).toMatchObject({ audit_records: [] });
  });
});
