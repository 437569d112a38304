import { describe, expect, it } from 'vitest';
import type { LedgerEvent, MessageFailedReason, ReportStatus } from '../../../../domain/events/events.js';
import { acceptMessage } from '../../../../ledger/commands/accept-message.js';
import { recordReceipt } from '../../../../ledger/commands/record-receipt.js';
import { messageStream } from '../../../../ledger/streams.js';
import { deriveId } from '../../../../ledger/event-ids.js';
import { APP, commandWorld, PROJECT, START_MS, type CommandWorld } from '../../../worlds/command-world.js';

const actor = { type: 'provider', name: 'generic' } as const;

async function accepted(world: CommandWorld): Promise<string> {
  const { messageId } = await acceptMessage(world, {
    projectId: PROJECT,
    appId: APP,
    actor,
    recipients: [{ channel: 'SMS', identity: '46700000001' }],
    contentType: 'CONTENT_UNKNOWN',
    processingMode: 'DISPATCH',
    sender: '',
    message: { text_message: { text: 'hi' } },
    metadata: '',
    correlationId: '',
  });
  return messageId;
}

const at = new Date(START_MS).toISOString();
const envelope = (messageId: string, type: string) => ({
  id: deriveId(messageId, type),
  version: 1 as const,
  meta: { recordedAt: at, occurredAt: at, actor: { type: 'system' as const } },
});
const ids = (messageId: string) => ({ projectId: PROJECT, appId: APP, messageId });

const handingOver = (messageId: string): LedgerEvent => ({
  ...envelope(messageId, 'intent'),
  type: 'message-handing-over',
  data: {
    ...ids(messageId),
    attempt: 1,
    permit: { app: { stream: 'app-app1', revision: 0 }, contacts: [] },
    channelType: 'simulator',
  },
});
const failed = (messageId: string, reason: MessageFailedReason): LedgerEvent => ({
  ...envelope(messageId, 'failed'),
  type: 'message-failed',
  data: { ...ids(messageId), attempt: 1, reason, description: '', bodyVersion: 1 },
});

/** A message that was handed over, with further events after its intent. */
async function handedOver(
  world: CommandWorld,
  ...after: ((messageId: string) => LedgerEvent)[]
): Promise<string> {
  const messageId = await accepted(world);
  const events = [handingOver, ...after].map((make) => make(messageId));
  await world.ledger.append(messageStream(messageId), events, 0);
  return messageId;
}

const report = (world: CommandWorld, messageId: string, status: ReportStatus, reason: string | null = null) =>
  recordReceipt(world, { ...ids(messageId), status, reason, actor });

async function statuses(world: CommandWorld, messageId: string): Promise<readonly string[]> {
  const events = await world.events(messageStream(messageId));
  return events.flatMap((event) => (event.type === 'message-reported' ? [event.data.status] : []));
}

describe('recordReceipt', () => {
  it.each<{ sent: ReportStatus[]; kept: ReportStatus[] }>([
    { sent: ['QUEUED_ON_CHANNEL', 'DELIVERED', 'READ'], kept: ['QUEUED_ON_CHANNEL', 'DELIVERED', 'READ'] },
    { sent: ['DELIVERED', 'DELIVERED'], kept: ['DELIVERED'] },
    { sent: ['READ', 'DELIVERED'], kept: ['READ'] },
    { sent: ['DELIVERED', 'QUEUED_ON_CHANNEL'], kept: ['DELIVERED'] },
    { sent: ['DELIVERED', 'FAILED'], kept: ['DELIVERED'] },
    { sent: ['QUEUED_ON_CHANNEL', 'FAILED'], kept: ['QUEUED_ON_CHANNEL', 'FAILED'] },
    { sent: ['FAILED', 'DELIVERED', 'READ', 'FAILED'], kept: ['FAILED'] },
    { sent: ['READ', 'READ', 'FAILED'], kept: ['READ'] },
  ])('of $sent it keeps $kept', async ({ sent, kept }) => {
    const world = await commandWorld();
    const messageId = await handedOver(world);
    const answers: boolean[] = [];
    for (const status of sent) answers.push(await report(world, messageId, status));
    expect(await statuses(world, messageId)).toEqual(kept);
    expect(answers.filter(Boolean)).toHaveLength(kept.length);
  });

  it('keeps one of three equal receipts that come at once', async () => {
    const world = await commandWorld();
    const messageId = await handedOver(world);
    const answers = await Promise.all([1, 2, 3].map(() => report(world, messageId, 'DELIVERED')));
    expect(answers.sort()).toEqual([false, false, true]);
    expect(await statuses(world, messageId)).toEqual(['DELIVERED']);
  });

  it('keeps the reason of a failure', async () => {
    const world = await commandWorld();
    const messageId = await handedOver(world);
    await report(world, messageId, 'FAILED', 'RECIPIENT_NOT_REACHABLE');
    expect((await world.events(messageStream(messageId))).at(-1)).toMatchObject({
      data: { status: 'FAILED', reason: 'RECIPIENT_NOT_REACHABLE' },
      meta: { actor },
    });
  });

  it('keeps what the provider said of a failure', async () => {
    const world = await commandWorld();
    const messageId = await handedOver(world);
    const providerError = { provider: 'twilio', code: 21610, block: true };
    const receipt = { ...ids(messageId), status: 'FAILED', reason: 'RECIPIENT_NOT_OPTED_IN' } as const;
    await recordReceipt(world, { ...receipt, providerError, actor });
    expect((await world.events(messageStream(messageId))).at(-1)).toMatchObject({ data: { providerError } });
  });

  it('believes a late receipt after a hand-over with unknown outcome, and no other after an end', async () => {
    const world = await commandWorld();
    const timedOut = await handedOver(world, (id) => failed(id, 'DELIVERY_TIMED_OUT'));
    expect(await report(world, timedOut, 'FAILED')).toBe(false);
    expect(await report(world, timedOut, 'QUEUED_ON_CHANNEL')).toBe(false);
    expect(await report(world, timedOut, 'DELIVERED')).toBe(true);
    const restored = await handedOver(world, (id) => failed(id, 'restored'));
    expect(await report(world, restored, 'DELIVERED')).toBe(true);
    const rejected = await handedOver(world, (id) => failed(id, 'CHANNEL_REJECT'));
    expect(await report(world, rejected, 'DELIVERED')).toBe(false);
  });

  it('records nothing for a message that was never handed over', async () => {
    const world = await commandWorld();
    const messageId = await accepted(world);
    expect(await report(world, messageId, 'DELIVERED')).toBe(false);
    expect(await statuses(world, messageId)).toEqual([]);
  });

  it('does not know messages of others, or none', async () => {
    const world = await commandWorld();
    const messageId = await handedOver(world);
    const unknown = { code: 'message-not-found' };
    const receipt = { ...ids(messageId), status: 'DELIVERED', reason: null, actor } as const;
    await expect(recordReceipt(world, { ...receipt, appId: 'app2' })).rejects.toMatchObject(unknown);
    await expect(recordReceipt(world, { ...receipt, projectId: 'p2' })).rejects.toMatchObject(unknown);
    await expect(recordReceipt(world, { ...receipt, messageId: 'none' })).rejects.toMatchObject(unknown);
  });
});
