import { z } from 'zod';

/** How many rows a page has: without `page_size`, and at most. */
export interface PageBounds {
  readonly standard: number;
  readonly max: number;
}

/**
 * Query keys of a list. The Sinch Conversation API says nothing of sizes out of range: we refuse what is below
 * one or no whole number, which shows a mistake early, and read a size above the most as the most.
 */
export const pageQuery = ({ standard, max }: PageBounds) => ({
  page_size: z
    .string()
    .regex(/^0*[1-9]\d{0,19}$/, { error: 'expected a whole number from 1 on' })
    .optional()
    .describe(`rows of a page: ${String(standard)} unless told, at most ${String(max)}`),
  page_token: z.string().max(128, { error: 'not a page token of this list' }).optional(),
});

/** What {@link pageQuery} lets through. */
export interface PageQuery {
  readonly page_size?: string | undefined;
  readonly page_token?: string | undefined;
}

/** Rows of a page for a `page_size` that passed {@link pageQuery}. */
export function pageLimit(pageSize: string | undefined, { standard, max }: PageBounds): number {
  return pageSize === undefined ? standard : Math.min(Number(pageSize), max);
}
