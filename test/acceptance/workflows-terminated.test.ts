import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyChanges } from '../support/instance/instance.js';
import { connectTemporal, temporalAddress, terminateAll } from '../support/temporal/temporal-client.js';
import {
  CALLBACKS,
  everythingEnds,
  MESSAGES,
  oweMuch,
  owedBy,
  type OwingWorld,
} from '../support/temporal/temporal-owed.js';
import { waitFor } from '../support/wait-for.js';

// Every open workflow is terminated while much is owed: the ledger knows what is left, and the sweep begins it anew.

// The product looks each half minute for what is two minutes overdue, which `policy.test.ts` holds fast; the same is
// played here in a tenth of the time.

const LONG = process.env['OPTLEDGER_LONG'] === '1';
const LIMIT_MS = 240_000;
const SOONER: PolicyChanges = { reactor: { sweep: { everyMs: 2_000, overdueMs: 15_000 } } };

let world: OwingWorld;
beforeAll(async () => {
  world = await oweMuch('4672', LONG ? {} : SOONER);
}, 120_000);
afterAll(() => world.close());

describe('every open workflow is terminated while much is owed', () => {
  it('and all of it ends within 4 minutes', { timeout: 400_000 }, async () => {
    await waitFor('a try of each', async () => (await world.receiver.count()) >= CALLBACKS, 90_000);
    const temporal = await connectTemporal(temporalAddress(world.instance.dataDir));
    const terminated = await terminateAll(temporal);
    await temporal.close();
    // The others stood in batches, or had no try yet.
    expect(terminated).toBeGreaterThan(CALLBACKS / 10);
    expect(await owedBy(world.instance)).toEqual({ callbacks: CALLBACKS, messages: MESSAGES });
    await world.recover();
    const { seconds, repeated } = await everythingEnds(world, Date.now(), LIMIT_MS);
    console.log(
      `${String(terminated)} workflows terminated: ${String(CALLBACKS)} callbacks and ${String(MESSAGES)} messages ` +
        `ended ${seconds.toFixed(1)} s later, ${String(repeated)} callbacks delivered twice`,
    );
  });
});
