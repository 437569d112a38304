import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROVIDERS } from '../../../channels/providers.js';
import { PROVIDER_SETTINGS } from '../../../domain/schemas/provider-settings.js';

/** What a field takes, whatever is said of it. */
function takes(field: z.core.$ZodType): unknown {
  const { description: _, ...schema } = z.toJSONSchema(field);
  return schema;
}

describe('the registry of providers', () => {
  it('has each under its own name, in the ledger and in the API', () => {
    expect(PROVIDERS.map(({ name }) => name)).toEqual(Object.keys(PROVIDER_SETTINGS));
    for (const { name, settings } of PROVIDERS) {
      expect(settings.wire.shape['type']).toMatchObject({ value: name });
      expect(PROVIDER_SETTINGS[name].shape.type.value).toBe(name);
    }
  });

  it('has no field that takes other values at one provider than at another: a PATCH is checked before its type is known', () => {
    const known = new Map<string, unknown>();
    for (const { settings } of PROVIDERS) {
      for (const [field, shape] of Object.entries(settings.wire.shape)) {
        if (field === 'type') continue;
        expect(takes(shape), field).toEqual(known.get(field) ?? takes(shape));
        known.set(field, takes(shape));
      }
    }
  });
});
