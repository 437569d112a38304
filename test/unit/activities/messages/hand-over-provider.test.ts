import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lastEventReader } from '../../../../activities/messages/decision-facts.js';
import { handOver } from '../../../../activities/messages/hand-over.js';
import type { MessageResult } from '../../../../activities/messages/hand-over-types.js';
import { readMessages } from '../../../../activities/messages/read-messages.js';
import type { Channel } from '../../../../channels/channel.js';
import type { OwedMessage } from '../../../../domain/owed.js';
import { SCHEMA_CODEC } from '../../../../ledger/event-codec.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { planMessage } from '../../../../workflows/plan-message.js';
import { fakeChannel, taken, World } from '../../../worlds/hand-over-world.js';

async function planAndHandOver(world: World, item: OwedMessage, channel: Channel): Promise<MessageResult> {
  const { ledger, clock } = world;
  const readLast = lastEventReader(ledger);
  const deps = { ledger, clock, newId: randomUUID, channelFor: () => channel, readLast };
  const read = await readMessages(deps, [item]);
  const [message] = read.messages;
  const step = message === undefined ? undefined : planMessage(read, message);
  if (step?.step !== 'act') throw new Error(`nothing to do: ${JSON.stringify(step)}`);
  return handOver(deps, step.plan, { signal: new AbortController().signal });
}

describe('what a provider says', () => {
  it('is kept: its id, and its own block, which changes no list', async () => {
    const world = new World(createMemoryLedger(SCHEMA_CODEC));
    await world.configure();
    const accepting = fakeChannel(() => ({ ...taken, providerMessageId: 'SM1' }));
    await planAndHandOver(world, await world.send('m1', 'c1'), accepting);
    expect((await world.events('m1')).find(({ type }) => type === 'message-dispatched')?.data).toMatchObject({
      providerMessageId: 'SM1',
    });
    const providerError = { provider: 'twilio', code: 21610, block: true };
    const blocking = fakeChannel(() => ({
      ...{ outcome: 'failed', reason: 'RECIPIENT_NOT_OPTED_IN', description: 'blocked there', providerError },
    }));
    expect(await planAndHandOver(world, await world.send('m2', 'c2'), blocking)).toMatchObject({
      as: 'failed',
    });
    expect((await world.events('m2')).at(-1)?.data).toMatchObject({
      ...{ reason: 'RECIPIENT_NOT_OPTED_IN', description: 'blocked there', providerError },
    });
    expect(await world.standingOf('c2')).toEqual({});
  });
});
