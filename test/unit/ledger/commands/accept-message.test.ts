import { describe, expect, it } from 'vitest';
import { acceptMessage, type SendCommand } from '../../../../ledger/commands/accept-message.js';
import { messageStream } from '../../../../ledger/streams.js';
import { APP, commandWorld, PROJECT, START_MS } from '../../../worlds/command-world.js';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/u;

const send = (change: Partial<SendCommand> = {}): SendCommand => ({
  projectId: PROJECT,
  appId: APP,
  actor: { type: 'access-key', id: 'key1' },
  recipients: [{ channel: 'SMS', identity: '46700000001' }],
  contentType: 'CONTENT_MARKETING',
  processingMode: 'DISPATCH',
  sender: '4670999',
  message: { text_message: { text: 'offer' } },
  metadata: 'meta',
  correlationId: 'corr',
  ...change,
});
const keyed = (key: string, request: string): SendCommand => send({ idempotency: { key, request } });

describe('acceptMessage', () => {
  it('appends one event that holds all of the send', async () => {
    const world = await commandWorld();
    const { messageId, acceptedAt } = await acceptMessage(world, send({ ttlS: 10 }));
    expect(messageId).toMatch(ULID);
    expect(acceptedAt).toBe(new Date(START_MS).toISOString());
    const events = await world.events(messageStream(messageId));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'message-accepted',
      data: {
        kind: 'MESSAGE',
        contentType: 'CONTENT_MARKETING',
        recipients: [
          {
            channel: 'SMS',
            contactId: world.rootKey.contactId(PROJECT, APP, { channel: 'SMS', identity: '46700000001' }),
          },
        ],
        cause: null,
        expiresAt: new Date(START_MS + 10_000).toISOString(),
        overrideEndpointId: null,
        requestHash: null,
      },
      personal: { identities: ['46700000001'], sender: '4670999', metadata: 'meta', correlationId: 'corr' },
      meta: { actor: { type: 'access-key', id: 'key1' } },
    });
  });

  it('gives an hour where the send names no ttl, and no more time than a date can say', async () => {
    const world = await commandWorld();
    const expiry = async (command: SendCommand): Promise<unknown> => {
      const { messageId } = await acceptMessage(world, command);
      const [event] = await world.events(messageStream(messageId));
      return event?.type === 'message-accepted' ? event.data.expiresAt : undefined;
    };
    expect(await expiry(send())).toBe(new Date(START_MS + 3_600_000).toISOString());
    expect(await expiry(send({ ttlS: 315_576_000_000 }))).toBe('9999-12-31T23:59:59.999Z');
  });

  it('names the endpoint of an own callback_url by its HMAC', async () => {
    const world = await commandWorld();
    const callbackUrl = 'https://example.com/receipts';
    const { messageId } = await acceptMessage(world, send({ callbackUrl }));
    const [event] = await world.events(messageStream(messageId));
    expect(event).toMatchObject({
      data: { overrideEndpointId: `override-${world.rootKey.urlHmac(callbackUrl)}` },
      personal: { callbackUrl },
    });
  });

  it('gives each send without a key its own id', async () => {
    const world = await commandWorld();
    const ids = await Promise.all([1, 2, 3].map(async () => (await acceptMessage(world, send())).messageId));
    expect(new Set(ids).size).toBe(3);
  });

  it('answers the same under the same key and request, also at once and later', async () => {
    const world = await commandWorld();
    const [first, second] = await Promise.all([
      acceptMessage(world, keyed('k', 'r')),
      acceptMessage(world, keyed('k', 'r')),
    ]);
    world.clock.ms += 86_400_000;
    const third = await acceptMessage(world, keyed('k', 'r'));
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(first.messageId).toMatch(ULID);
    expect(await world.events(messageStream(first.messageId))).toHaveLength(1);
  });

  it('refuses another request under the same key and keeps the first', async () => {
    const world = await commandWorld();
    const { messageId } = await acceptMessage(world, keyed('k', 'one'));
    await expect(acceptMessage(world, keyed('k', 'two'))).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    expect(await world.events(messageStream(messageId))).toHaveLength(1);
  });

  it('keeps the keys of apps and projects apart, and out of the message id', async () => {
    const world = await commandWorld();
    const of = async (change: Partial<SendCommand>) =>
      (await acceptMessage(world, { ...keyed('k', 'r'), ...change })).messageId;
    const ids = [await of({}), await of({ appId: 'app2' }), await of({ projectId: 'p2' })];
    expect(new Set(ids).size).toBe(3);
  });
});
