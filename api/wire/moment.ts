import { z } from 'zod';

/** A moment that the past is asked for; see `toPast`. */
export const pastMoment = z.iso
  .datetime({ offset: true, error: 'expected RFC 3339, in a query with + written as %2B' })
  .describe('a past moment: the answer is by what was recorded then');
