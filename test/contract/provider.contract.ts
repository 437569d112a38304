import { afterAll, beforeAll, describe } from 'vitest';
import { providerWorld, type ProviderWorld } from '../worlds/provider-world.js';
import { describeProviderInbound } from './provider-inbound.contract.js';
import { describeProviderSettings } from './provider-settings.contract.js';
import type { ProviderUnderTest } from './provider-support.js';

/** Everything that every provider keeps to, seen through the API: its settings, what comes in, what leaves. */
export function describeProvider(underTest: ProviderUnderTest): void {
  describe(`provider ${underTest.provider.name}`, () => {
    let opened: ProviderWorld | undefined;
    beforeAll(async () => {
      opened = await providerWorld(underTest.provider.name, (call) => underTest.api(call));
    });
    afterAll(() => opened?.close());
    const world = (): ProviderWorld => {
      if (opened === undefined) throw new Error('not open yet');
      return opened;
    };

    describeProviderSettings(underTest, world);
    describeProviderInbound(underTest, world);
  });
}
