import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
  for (let i = 0; i < 5; i += 1) {
    await world.simulator.add({
      appId: world.appId,
      messageId: `message-${String(i)}`,
      channel: 'SMS',
      identity: '46700000001',
      sender: '4670999',
      text: `text ${String(i)}`,
      kind: i % 2 === 0 ? 'MESSAGE' : 'REPLY',
      attempt: 1,
      handedOverAt: world.clock.ms + i,
    });
  }
});
afterAll(() => world.close());

const read = (query = '', app = world.appId) =>
  world.call('GET', `/apps/${app}/simulator/messages${query}`, undefined, { scope: 'read' });

describe('GET simulator/messages', () => {
  it('tells what the phones received, oldest first', async () => {
    const { body } = await read();
    expect(body).toMatchObject({ next_page_token: '' });
    expect((body['messages'] as unknown[])[1]).toEqual({
      message_id: 'message-1',
      identity: '46700000001',
      text: 'text 1',
      kind: 'REPLY',
      handed_over_at: new Date(world.clock.ms + 1).toISOString(),
    });
  });

  it('pages by tokens that belong to the app', async () => {
    const first = await read('?page_size=3');
    const token = String(first.body['next_page_token']);
    const second = await read(`?page_size=3&page_token=${token}`);
    expect([first, second].map(({ body }) => (body['messages'] as unknown[]).length)).toEqual([3, 2]);
    expect(second.body['next_page_token']).toBe('');
    const other = await world.newApp();
    expect((await read(`?page_token=${token}`, other)).status).toBe(400);
    expect((await read('', other)).body).toEqual({ messages: [], next_page_token: '' });
  });
});
