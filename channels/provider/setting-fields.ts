import { z } from 'zod';

// Fields of channel settings on the wire that several types have.

/** Longest URL that is taken, of a webhook or of a gateway. */
const LONGEST_URL = 742;

export const secret = z.string().min(1).max(1_024);

export const url = z.string().min(1).max(LONGEST_URL);

/** Where a provider's API is; null: at the provider's own host. */
export const origin = z
  .string()
  .max(LONGEST_URL)
  .regex(/^[^?#]+$/u, 'expected a URL without a query')
  .nullable();
