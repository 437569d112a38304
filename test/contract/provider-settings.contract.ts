import { describe, expect, it } from 'vitest';
import { MASK } from '../../domain/mask.js';
import type { ProviderWorld } from '../worlds/provider-world.js';
import type { ProviderUnderTest } from './provider-support.js';

/** How an admin sees and changes the settings of an app. */
export function describeProviderSettings(underTest: ProviderUnderTest, world: () => ProviderWorld): void {
  const { provider, settings, secrets } = underTest;
  const { name } = provider;
  const fields = Object.keys(settings).filter((field) => field !== 'type');
  const given = secrets.filter((field) => field in settings);
  const masked = Object.fromEntries(given.map((field) => [field, MASK]));
  const newApp = (): Promise<string> => world().newApp(settings);
  const shown = (appId: string) => world().api.call('GET', `/apps/${appId}/channel-settings`);
  const refused = (field: string) => ({
    status: 400,
    body: { error: { details: [{ fieldViolations: [{ field }] }] } },
  });

  describe('settings', () => {
    it('have the type that the registry knows', () => {
      expect(settings['type']).toBe(name);
      expect(given).not.toEqual([]);
    });

    it('are shown whole, with their secrets masked, and sealed in the ledger', async () => {
      const { status, body } = await shown(await newApp());
      expect(status).toBe(200);
      expect(body).toMatchObject({ ...settings, ...masked });
      expect(Object.keys(body)).toEqual(Object.keys(provider.settings.wire.shape));
      const ledger = JSON.stringify(await world().api.events());
      for (const field of given) expect(ledger).not.toContain(settings[field]);
    });

    it('keep what is absent or masked', async () => {
      const appId = await newApp();
      const before = (await shown(appId)).body;
      expect((await world().patch(appId, masked)).body).toEqual(before);
      expect((await world().patch(appId, {})).body).toEqual(before);
      expect((await world().patch(appId, before)).body).toEqual(before);
    });

    it.each(fields)('need %s on an app that was on another channel', async (field) => {
      const appId = await world().api.newApp();
      const rest = Object.fromEntries(Object.entries(settings).filter(([key]) => key !== field));
      expect(await world().patch(appId, rest)).toMatchObject(refused(field));
    });

    it('refuse keys that nobody knows, and fields of another type', async () => {
      const appId = await newApp();
      expect((await world().patch(appId, { nonsense: 1 })).status).toBe(400);
      expect(await world().patch(appId, { idempotent: true })).toMatchObject(refused('idempotent'));
      expect((await shown(appId)).body).toMatchObject({ ...settings, ...masked });
    });

    it.each(provider.settings.targets)('%s: no secret that stands goes to another host', async (target) => {
      const appId = await newApp();
      const before = (await shown(appId)).body;
      const elsewhere = { [target]: 'https://elsewhere.example/' };
      for (const patch of [elsewhere, { ...elsewhere, ...masked }])
        expect((await world().patch(appId, patch)).status).toBe(400);
      expect((await shown(appId)).body).toEqual(before);
      const anew = Object.fromEntries(given.map((field) => [field, settings[field]]));
      expect(await world().patch(appId, { ...elsewhere, ...anew })).toMatchObject({
        body: { [target]: 'https://elsewhere.example' },
      });
    });

    it.each(provider.settings.targets)('%s has to be an address of the public internet', async (target) => {
      const appId = await newApp();
      for (const url of ['https://127.0.0.1', 'http://elsewhere.example', 'https://a:b@elsewhere.example'])
        expect(await world().patch(appId, { ...settings, [target]: url })).toMatchObject(refused(target));
    });
  });
}
