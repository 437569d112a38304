import { z } from 'zod';

export const projectParams = z.object({ project_id: z.string() });
export const appParams = projectParams.extend({ app_id: z.string() });
export const webhookParams = projectParams.extend({ webhook_id: z.string() });

/** A point in time of a query: RFC 3339 with its offset. Compared as text, so it is brought to UTC with ms. */
export const timeQuery = z.iso
  .datetime({ offset: true, error: 'expected RFC 3339 with an offset, e.g. 2026-01-02T03:04:05Z' })
  .transform((text) => new Date(text).toISOString())
  .pipe(z.iso.datetime({ precision: 3 }))
  .optional();

/** Answer of every DELETE. */
export const nothing = z.object({});
