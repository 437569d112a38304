import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, startInstance, type Instance } from '../support/instance/instance.js';
import { eachEvent } from '../support/ledger/ledger-file.js';
import { CALLBACK_CASES } from '../support/sinch/sinch-cases-callbacks.js';
import { SENDING_CASES } from '../support/sinch/sinch-cases-sending.js';
import { startSinchStandIn, type SinchStandIn } from '../support/sinch/sinch-stand-in.js';
import { newSinchApp, type SinchWorld } from '../worlds/sinch-world.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

// The Sinch Conversation API as a provider, against a stand-in that follows its public reference: each odd case with
// what becomes of it, as the ledger, the lists and the customer's callbacks show.

let standIn: SinchStandIn;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let instance: Instance;
const world = (): SinchWorld => ({ instance, standIn, receiver });

beforeAll(async () => {
  standIn = await startSinchStandIn();
  receiver = await startWebhookReceiver();
  // Tokens are counted, and each worker has its own.
  instance = await startInstance({ temporal: 'shared', workers: 1 });
});
afterAll(async () => {
  await instance.stop();
  await standIn.close();
  await receiver.close();
});

describe('callbacks of Sinch', () => {
  it.each(CALLBACK_CASES)('$name → $outcome', async ({ run }) => {
    await run(world(), await newSinchApp(world()));
  });
});

describe('messages through Sinch', () => {
  it.each(SENDING_CASES)('$name → $outcome', { timeout: 60_000 }, async ({ run }) => {
    await run(world(), await newSinchApp(world()));
  });
});

describe('what Sinch delivers again until it is acknowledged', () => {
  it('is in the ledger, whole, after kill -9 in the middle', { timeout: 120_000 }, async () => {
    const dataDir = newDataDir();
    let own = await startInstance({ temporal: 'shared', dataDir });
    const { port } = new URL(own.url);
    const app = await newSinchApp({ ...world(), instance: own });
    const ids = Array.from({ length: 300 }, (_, n) => `kill-${String(n)}`);
    let acknowledged = 0;
    const deliveries = Promise.all(
      ids.map(async (id) => {
        const posts = await standIn.deliver(app, app.say(id, `hello ${id}`));
        acknowledged++;
        return posts;
      }),
    );
    await waitFor('the first acknowledgements', () => acknowledged > 0);
    await own.kill();
    own = await startInstance({ temporal: 'shared', dataDir, environment: { PORT: port } });
    const posts = await deliveries;
    expect(await own.stop()).toBe(0);
    const recorded: string[] = [];
    await eachEvent(dataDir, ({ event }) => {
      if (event.type === 'message-received' && event.data.appId === app.appId) {
        recorded.push(event.data.providerMessageId);
      }
    });
    expect(recorded.toSorted()).toEqual(ids.toSorted());
    expect(posts.some((count) => count > 1)).toBe(true);
  });
});
