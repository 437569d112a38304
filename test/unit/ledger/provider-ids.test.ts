import { describe, expect, it } from 'vitest';
import { createProviderIds } from '../../../ledger/provider-ids.js';

describe('provider ids', () => {
  it('tells a reused id from a redelivery', () => {
    const ids = createProviderIds();
    expect(ids.isReused(['contact-1', 'generic', '7'], 'a')).toBe(false);
    expect(ids.isReused(['contact-1', 'generic', '7'], 'a')).toBe(false);
    expect(ids.isReused(['contact-2', 'generic', '7'], 'b')).toBe(false);
    expect(ids.isReused(['contact-1', 'generic', '7'], 'c')).toBe(true);
  });

  it('forgets the oldest first and stays small', () => {
    const ids = createProviderIds(2);
    ids.isReused(['1'], 'a');
    ids.isReused(['2'], 'a');
    ids.isReused(['1'], 'b');
    ids.isReused(['3'], 'a');
    expect(ids.isReused(['2'], 'b')).toBe(false);
    expect(ids.isReused(['3'], 'b')).toBe(true);
  });
});
