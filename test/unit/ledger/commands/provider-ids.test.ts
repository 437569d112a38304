import { describe, expect, it } from 'vitest';
import { createProviderIds } from '../../../../ledger/commands/provider-ids.js';

describe('provider ids', () => {
  it('tells a reused id from a redelivery', () => {
    const ids = createProviderIds();
    expect(ids.isReused('contact-1 generic', '7', 'a')).toBe(false);
    expect(ids.isReused('contact-1 generic', '7', 'a')).toBe(false);
    expect(ids.isReused('contact-2 generic', '7', 'b')).toBe(false);
    expect(ids.isReused('contact-1 generic', '7', 'c')).toBe(true);
  });

  it('knows the last ones and forgets the oldest', () => {
    const ids = createProviderIds(2);
    for (const id of ['1', '2', '3']) ids.isReused('s', id, 'a');
    expect(ids.isReused('s', '2', 'b')).toBe(true);
    for (const id of ['4', '5', '6', '7']) ids.isReused('s', id, 'a');
    expect(ids.isReused('s', '2', 'c')).toBe(false);
  });
});
