import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../../ledger/kurrent/kurrent-events.js';
import * as streams from '../../../../ledger/streams.js';

// What is not counted as ours is written, and never read again: every stream that is made must be of a known category.
describe('the categories of our streams', () => {
  const made = Object.entries(streams).map(
    ([name, stream]) => [name, typeof stream === 'string' ? stream : stream('x')] as const,
  );

  it.each(made)('have that of %s', (_, stream) => {
    expect(CATEGORIES.some((category) => stream.startsWith(category))).toBe(true);
  });
});
