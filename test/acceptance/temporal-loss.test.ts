import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporalAddress, connectTemporal, RUNNING } from '../support/temporal/temporal-client.js';
import {
  CALLBACKS,
  everythingEnds,
  MESSAGES,
  oweMuch,
  owedBy,
  type OwingWorld,
} from '../support/temporal/temporal-owed.js';
import { waitFor } from '../support/wait-for.js';

const LIMIT_MS = 240_000;

let world: OwingWorld;
beforeAll(async () => {
  world = await oweMuch('4671');
}, 120_000);
afterAll(() => world.close());

describe('Temporal loses everything while much is owed', () => {
  it('and all of it ends within 4 minutes of the next start', { timeout: 300_000 }, async () => {
    const { dataDir } = world.instance;
    // Some wait in workflows of their own, some stand in a batch, some have not been touched.
    await waitFor('some tries', async () => (await world.receiver.count()) > CALLBACKS / 2, 60_000);
    expect(await owedBy(world.instance)).toEqual({ callbacks: CALLBACKS, messages: MESSAGES });
    expect(await world.instance.stop()).toBe(0);
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(join(dataDir, `temporal.db${suffix}`), { force: true });
    }

    await world.recover();
    const since = Date.now();
    await world.startAgain();
    const { seconds, repeated } = await everythingEnds(world, since, LIMIT_MS);
    console.log(
      `Temporal's file deleted: ${String(CALLBACKS)} callbacks and ${String(MESSAGES)} messages ended ` +
        `${seconds.toFixed(1)} s after the start, ${String(repeated)} callbacks delivered twice`,
    );
    const temporal = await connectTemporal(temporalAddress(dataDir));
    await waitFor('no workflow is left', async () => (await temporal.count(RUNNING)) === 0, 60_000);
    await temporal.close();
  });
});
