import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { lastEventReader } from '../../../../activities/messages/decision-facts.js';
import { handOver, type HandOverDeps } from '../../../../activities/messages/hand-over.js';
import type { MessageResult } from '../../../../activities/messages/hand-over-types.js';
import { readMessages } from '../../../../activities/messages/read-messages.js';
import type { Channel } from '../../../../channels/channel.js';
import type { OwedMessage } from '../../../../domain/owed.js';
import { SCHEMA_CODEC } from '../../../../ledger/event-codec.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { planMessage } from '../../../../workflows/plan-message.js';
import { fakeChannel, taken, World } from '../../../worlds/hand-over-world.js';

let world: World;
beforeEach(async () => {
  world = new World(createMemoryLedger(SCHEMA_CODEC));
  await world.configure();
});

function depsFor(channel: Channel): HandOverDeps {
  const { ledger, clock } = world;
  return { ledger, clock, newId: randomUUID, channelFor: () => channel, readLast: lastEventReader(ledger) };
}
async function planAndHandOver(item: OwedMessage, channel: Channel): Promise<MessageResult> {
  const read = await readMessages(depsFor(channel), [item]);
  const [message] = read.messages;
  const step = message === undefined ? undefined : planMessage(read, message);
  if (step?.step !== 'act') throw new Error('nothing to do');
  return handOver(depsFor(channel), step.plan, { signal: new AbortController().signal });
}

describe('the answer to a call for help', () => {
  it('goes to someone who opted out before and after they asked, within five minutes', async () => {
    const channel = fakeChannel(() => taken);
    await world.consent('c1', 'OPT_OUT');
    const item = await world.help('h1', 'c1');
    await world.consent('c1', 'OPT_IN');
    await world.consent('c1', 'OPT_OUT');
    world.now += 299_000;
    expect(await planAndHandOver(item, channel)).toMatchObject({ as: 'dispatched' });
    expect(channel.begun).toMatchObject([{ kind: 'REPLY', text: 'Call us', sender: '100' }]);
    expect((await world.events('h1'))[0]).toMatchObject({
      type: 'message-accepted',
      data: { kind: 'REPLY', cause: { kind: 'HELP' } },
    });
    const late = await world.help('h2', 'c2');
    world.now += 300_000;
    expect(await planAndHandOver(late, channel)).toMatchObject({ as: 'failed' });
    expect((await world.events('h2')).at(-1)).toMatchObject({ data: { reason: 'expired' } });
    expect(channel.begun).toHaveLength(1);
  });
});
