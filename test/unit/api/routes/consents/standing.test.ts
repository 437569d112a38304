import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, sms, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const standing = (identity: string) =>
  world.call('GET', `/apps/${world.appId}/consents/identities/${identity}/standing`, undefined, {
    scope: 'read',
  });

describe('GET standing', () => {
  it('names for each list the event that decided it', async () => {
    const write = (text: string) =>
      world.call('POST', `/apps/${world.appId}/inbound/generic`, sms('46700000001', text));
    await write('STOP MARKETING');
    await write('STOP');
    await write('START');
    await write('thanks');
    const changes = (await world.events()).filter(({ type }) => type === 'opted-out' || type === 'opted-in');
    expect((await standing('+46700000001')).body).toEqual({
      identity: '46700000001',
      lists: [
        {
          list_type: 'OPT_OUT_ALL',
          opted_out: false,
          event_id: changes[2]?.id,
          decided_at: changes[2]?.meta.recordedAt,
        },
        {
          list_type: 'OPT_OUT_MARKETING',
          opted_out: true,
          event_id: changes[0]?.id,
          decided_at: changes[0]?.meta.recordedAt,
        },
        { list_type: 'OPT_OUT_NOTIFICATION', opted_out: false, event_id: null, decided_at: null },
      ],
    });
  });

  it('is on no list for a contact that was never seen', async () => {
    const { body } = await standing('+46700000002');
    expect(body['identity']).toBe('46700000002');
    expect(body['lists']).toHaveLength(3);
    expect(JSON.stringify(body)).not.toContain('true');
  });

  it('finds an identity that is no phone number', async () => {
    const body = { ...sms('+1 2 3 4', 'STOP'), channel: 'TELEGRAM' };
    await world.call('POST', `/apps/${world.appId}/inbound/generic`, body);
    expect((await standing('+1%202%203%204')).body).toMatchObject({
      identity: '+1 2 3 4',
      lists: [{ opted_out: true }, {}, {}],
    });
  });
});
