import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { lastEventReader } from '../../../../activities/messages/decision-facts.js';
import { handOver, type HandOverDeps } from '../../../../activities/messages/hand-over.js';
import type { MessagePlan, MessageResult } from '../../../../activities/messages/hand-over-types.js';
import { readMessages } from '../../../../activities/messages/read-messages.js';
import type { Channel } from '../../../../channels/channel.js';
import type { OwedMessage } from '../../../../domain/owed.js';
import { SCHEMA_CODEC } from '../../../../ledger/event-codec.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { recordReceipt } from '../../../../ledger/commands/record-receipt.js';
import { planMessage } from '../../../../workflows/plan-message.js';
import { appState, fakeChannel, mid, taken, World } from '../../../worlds/hand-over-world.js';

let world: World;
beforeEach(async () => {
  world = new World(createMemoryLedger(SCHEMA_CODEC));
  await world.configure();
});

const never = new AbortController().signal;
function depsFor(channel: Channel | undefined): HandOverDeps {
  const { ledger, clock } = world;
  return { ledger, clock, newId: randomUUID, channelFor: () => channel, readLast: lastEventReader(ledger) };
}
/** Reads and decides as a workflow does. */
async function planOf(item: OwedMessage, channel: Channel | undefined): Promise<MessagePlan> {
  const read = await readMessages({ ...depsFor(channel) }, [item]);
  const [message] = read.messages;
  const step = message === undefined ? undefined : planMessage(read, message);
  if (step?.step !== 'act') throw new Error(`nothing to do: ${JSON.stringify(step)}`);
  return step.plan;
}
async function planAndHandOver(item: OwedMessage, channel: Channel | undefined): Promise<MessageResult> {
  return handOver(depsFor(channel), await planOf(item, channel), { signal: never });
}

describe('handOver', () => {
  it('records the intent, calls, and records what the channel reported in one append', async () => {
    const item = await world.send('m1', 'c1');
    const channel = fakeChannel(() => ({ ...taken, reports: ['QUEUED_ON_CHANNEL', 'DELIVERED'] }));
    expect(await planAndHandOver(item, channel)).toEqual({
      messageId: mid('m1'),
      state: 'ended',
      as: 'dispatched',
    });
    expect(channel.begun).toMatchObject([
      { messageId: mid('m1'), text: 'Hello', channel: 'SMS', attempt: 1 },
    ]);
    expect(await world.types('m1')).toEqual([
      'message-accepted',
      'message-handing-over',
      'message-dispatched',
      'message-reported',
      'message-reported',
    ]);
    const [, intent] = await world.events('m1');
    expect(intent?.data).toMatchObject({
      attempt: 1,
      channelType: 'simulator',
      permit: { app: { stream: 'app-a1', revision: 0 }, contacts: [{ stream: 'contact-c1', revision: -1 }] },
    });
  });

  it('blocks without a call, naming the list, the event and the recipient', async () => {
    const stop = await world.consent('c1', 'OPT_OUT');
    const item = await world.send('m1', 'c1', { contentType: 'CONTENT_MARKETING' });
    const channel = fakeChannel(() => taken);
    expect(await planAndHandOver(item, channel)).toEqual({
      messageId: mid('m1'),
      state: 'ended',
      as: 'blocked',
    });
    expect(channel.begun).toEqual([]);
    expect((await world.events('m1')).at(-1)).toMatchObject({
      type: 'message-blocked',
      data: {
        listType: 'OPT_OUT_ALL',
        contentType: 'CONTENT_MARKETING',
        mode: 'PRIMARY',
        decidedBy: stop.event.id,
        recipientIndex: 0,
        notifyOptOut: true,
        permit: { contacts: [{ stream: 'contact-c1', revision: 0 }] },
      },
    });
  });

  it('does not call when an opt-out came after the decision; the workflow decides anew', async () => {
    const item = await world.send('m1', 'c1');
    const channel = fakeChannel(() => taken);
    const plan = await planOf(item, channel);
    await world.consent('c1', 'OPT_OUT');
    expect(await handOver(depsFor(channel), plan, { signal: never })).toMatchObject({
      state: 'again',
      why: 'stale',
    });
    expect(channel.begun).toEqual([]);
    expect(channel.released).toBe(1);
    expect((await world.events('m1')).at(-1)).toMatchObject({
      type: 'message-not-sent',
      data: { class: 'stale', retryAt: null },
    });
    expect(await planAndHandOver(item, channel)).toMatchObject({ as: 'blocked' });
  });

  it('calls when only the revision moved and the answer did not', async () => {
    await world.configure(appState({ mode: 'SECONDARY' }));
    const item = await world.send('m1', 'c1');
    const channel = fakeChannel(() => taken);
    const plan = await planOf(item, channel);
    await world.consent('c1', 'OPT_OUT');
    expect(await handOver(depsFor(channel), plan, { signal: never })).toMatchObject({ as: 'dispatched' });
  });

  it('does not call under another mode, another gateway or a deleted app than was prepared for', async () => {
    await world.consent('c1', 'OPT_OUT');
    await world.configure(appState({ mode: 'SECONDARY' }));
    const changes = [
      appState(),
      appState(
        { mode: 'SECONDARY' },
        { channel: { type: 'http', url: 'https://g', sealedSecret: 's', idempotent: false } },
      ),
      appState({ mode: 'SECONDARY' }, { deleted: true }),
    ];
    for (const [n, change] of changes.entries()) {
      await world.configure(appState({ mode: 'SECONDARY' }));
      const item = await world.send(`m${String(n)}`, 'c1');
      const channel = fakeChannel(() => taken, {
        // Slow enough for a change to come in between.
        onPrepare: async () => {
          await world.configure(change);
        },
      });
      expect(await planAndHandOver(item, channel)).toMatchObject({ state: 'again', why: 'stale' });
      expect(channel.begun).toEqual([]);
    }
  });

  it('leaves a message alone that somebody else has', async () => {
    const item = await world.send('m1', 'c1');
    const channel = fakeChannel(() => taken);
    const plan = await planOf(item, channel);
    const twins = [1, 2, 3].map(() => handOver(depsFor(channel), plan, { signal: never }));
    const results = await Promise.all(twins);
    expect(results.map((result) => (result.state === 'again' ? result.why : result.state)).sort()).toEqual([
      'conflict',
      'conflict',
      'ended',
    ]);
    expect(channel.begun).toHaveLength(1);
    expect(await handOver(depsFor(channel), plan, { signal: never })).toMatchObject({
      state: 'ended',
      as: 'dispatched',
    });
  });

  it('begins a reply stream once, also with twins', async () => {
    const item = await world.reply('r1', 'c1', 'OPT_OUT');
    const channel = fakeChannel(() => taken);
    const plan = await planOf(item, channel);
    const results = await Promise.all([1, 2].map(() => handOver(depsFor(channel), plan, { signal: never })));
    expect(results.map(({ state }) => state).sort()).toEqual(['again', 'ended']);
    expect(channel.begun).toMatchObject([{ kind: 'REPLY', text: 'You are out', sender: '100' }]);
    expect(await world.types('r1')).toEqual([
      'message-accepted',
      'message-handing-over',
      'message-dispatched',
    ]);
  });

  it('ends an overtaken or outdated reply without a call', async () => {
    const channel = fakeChannel(() => taken);
    const started = await world.reply('r1', 'c1', 'OPT_IN');
    world.now += 1_000;
    await world.consent('c1', 'OPT_OUT');
    expect(await planAndHandOver(started, channel)).toMatchObject({ as: 'failed' });
    expect(
      (await world.events('r1')).map((event) =>
        event.type === 'message-failed' ? event.data.reason : event.type,
      ),
    ).toEqual(['message-accepted', 'superseded']);
    const late = await world.reply('r2', 'c2', 'OPT_OUT');
    world.now += 300_000;
    await planAndHandOver(late, channel);
    expect((await world.events('r2')).at(-1)).toMatchObject({ data: { reason: 'expired' } });
    expect(channel.begun).toEqual([]);
  });

  it('fails a message on a channel that the app has no credentials for; a reply leaves as its cause came', async () => {
    await world.configure(appState({}, { profile: { channel_credentials: [{ channel: 'WHATSAPP' }] } }));
    const channel = fakeChannel(() => taken);
    expect(await planAndHandOver(await world.send('m1', 'c1'), channel)).toMatchObject({ as: 'failed' });
    expect((await world.events('m1')).at(-1)?.data).toMatchObject({
      reason: 'CHANNEL_CONFIGURATION_MISSING',
    });
    expect(channel.begun).toEqual([]);
    expect(await planAndHandOver(await world.reply('r1', 'c1', 'OPT_OUT'), channel)).toMatchObject({
      as: 'dispatched',
    });
  });

  it('notices that a reply ran out while it waited for its slot', async () => {
    const item = await world.reply('r1', 'c1', 'OPT_OUT');
    const channel = fakeChannel(() => taken, { onPrepare: async () => void (world.now += 300_000) });
    expect(await planAndHandOver(item, channel)).toMatchObject({ state: 'again', why: 'stale' });
    expect(channel.begun).toEqual([]);
  });

  it('waits after a definite refusal, never earlier than asked for, and expires in the end', async () => {
    const item = await world.send('m1', 'c1', { expiresInMs: 60_000 });
    const busy = fakeChannel(() => ({ outcome: 'not-taken', class: 'busy', retryAfterMs: 5_000 }));
    expect(await planAndHandOver(item, busy)).toMatchObject({
      state: 'waiting',
      why: 'busy',
      waitMs: 5_000,
      attempt: 1,
    });
    await expect(planOf(item, busy)).rejects.toThrow('"why":"retry"');
    world.now += 56_000;
    expect(await planAndHandOver(item, busy)).toEqual({ messageId: mid('m1'), state: 'ended', as: 'failed' });
    expect((await world.events('m1')).slice(-2)).toMatchObject([
      { type: 'message-not-sent', data: { attempt: 2, retryAt: null } },
      { type: 'message-failed', data: { reason: 'MESSAGE_EXPIRED' } },
    ]);
  });

  it('tells what the channel said of a message that it refuses for good', async () => {
    const item = await world.send('m1', 'c1');
    const rejecting = fakeChannel(() => ({
      outcome: 'failed',
      reason: 'CHANNEL_REJECT',
      description: 'status 422',
    }));
    await planAndHandOver(item, rejecting);
    expect((await world.events('m1')).at(-1)?.data).toMatchObject({
      reason: 'CHANNEL_REJECT',
      description: 'status 422',
    });
  });

  it('fails where nothing can hand a message over', async () => {
    const item = await world.send('m1', 'c1');
    expect(await planAndHandOver(item, undefined)).toMatchObject({ as: 'failed' });
    expect((await world.events('m1')).at(-1)?.data).toMatchObject({
      reason: 'CHANNEL_CONFIGURATION_MISSING',
    });
  });

  it('steps over a receipt that was faster than the answer', async () => {
    const item = await world.send('m1', 'c1');
    const receipt = {
      projectId: 'p1',
      appId: 'a1',
      messageId: mid('m1'),
      reason: null,
      actor: { type: 'system' },
    } as const;
    const channel = fakeChannel(async () => {
      await recordReceipt(world, { ...receipt, status: 'QUEUED_ON_CHANNEL' });
      await recordReceipt(world, { ...receipt, status: 'DELIVERED' });
      return { ...taken, reports: ['QUEUED_ON_CHANNEL'] };
    });
    expect(await planAndHandOver(item, channel)).toMatchObject({ as: 'dispatched' });
    expect((await world.types('m1')).slice(2)).toEqual([
      'message-reported',
      'message-reported',
      'message-dispatched',
    ]);
  });

  it.each(['DELIVERED', 'READ'] as const)(
    'counts %s as dispatched, whatever the call came to',
    async (status) => {
      const receipt = {
        projectId: 'p1',
        appId: 'a1',
        messageId: mid('m1'),
        reason: null,
        actor: { type: 'system' },
      } as const;
      const item = await world.send('m1', 'c1');
      const channel = fakeChannel(async () => {
        await recordReceipt(world, { ...receipt, status });
        return { outcome: 'unknown' };
      });
      expect(await planAndHandOver(item, channel)).toMatchObject({ as: 'dispatched' });
      expect((await world.types('m1')).at(-1)).toBe('message-reported');
    },
  );
});
