import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageStream } from '../../../../../ledger/streams.js';
import { deriveId } from '../../../../../ledger/event-ids.js';
import { apiWorld, PROJECT, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

const post = (body: unknown, app = world.appId) =>
  world.call('POST', `/apps/${app}/receipts/generic`, body, { scope: 'inbound' });

/** A message whose intent to hand it over is recorded. */
async function handedOver(): Promise<string> {
  const { body } = await world.call('POST', '/messages:send', {
    app_id: world.appId,
    recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: '46700000001' }] } },
    message: { text_message: { text: 'hi' } },
  });
  const messageId = String(body['message_id']);
  const at = new Date(world.clock.ms).toISOString();
  const permit = { app: { stream: `app-${world.appId}`, revision: 0 }, contacts: [] };
  await world.ledger.append(
    messageStream(messageId),
    [
      {
        id: deriveId(messageId, 'intent'),
        type: 'message-handing-over',
        version: 1,
        data: { projectId: PROJECT, appId: world.appId, messageId, attempt: 1, permit, channelType: 'http' },
        meta: { recordedAt: at, occurredAt: at, actor: { type: 'system' } },
      },
    ],
    0,
  );
  return messageId;
}

describe('POST receipts/generic', () => {
  it('records what is new and says when it is not', async () => {
    const messageId = await handedOver();
    const delivered = { message_id: messageId, status: 'DELIVERED' };
    expect(await post(delivered)).toMatchObject({
      status: 200,
      body: { message_id: messageId, recorded: true },
    });
    expect(await post(delivered)).toMatchObject({ status: 200, body: { recorded: false } });
    expect(await post({ message_id: messageId, status: 'FAILED' })).toMatchObject({
      body: { recorded: false },
    });
    expect(await post({ message_id: messageId, status: 'READ' })).toMatchObject({ body: { recorded: true } });
    const reports = (await world.events()).filter(({ type }) => type === 'message-reported');
    expect(reports.map(({ data }) => data)).toMatchObject([
      { status: 'DELIVERED', reason: null },
      { status: 'READ' },
    ]);
  });

  it.each([
    ['RECIPIENT_NOT_REACHABLE', 'RECIPIENT_NOT_REACHABLE'],
    ['no route to +46700000001', 'CHANNEL_FAILURE'],
    [undefined, 'UNKNOWN'],
  ])('keeps the reason %s as %s', async (reason, kept) => {
    const messageId = await handedOver();
    await post({ message_id: messageId, status: 'FAILED', reason });
    expect((await world.events()).at(-1)).toMatchObject({ data: { status: 'FAILED', reason: kept } });
  });

  it('does not know messages of another app, or none', async () => {
    const messageId = await handedOver();
    const other = await world.newApp();
    const unknown = { status: 404, body: { error: { status: 'NOT_FOUND' } } };
    expect(await post({ message_id: messageId, status: 'DELIVERED' }, other)).toMatchObject(unknown);
    expect(await post({ message_id: 'nothing', status: 'DELIVERED' })).toMatchObject(unknown);
  });
});
