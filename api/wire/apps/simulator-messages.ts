import { z } from 'zod';
import { pageQuery } from '../paging.js';

export const SIMULATOR_PAGE = { standard: 100, max: 1000 } as const;

export const simulatorQuery = z.strictObject(pageQuery(SIMULATOR_PAGE));

/** Answer of `GET …/simulator/messages`: what the simulated phones received, oldest hand-over first. */
export const simulatorResponse = z.object({
  messages: z.array(
    z.object({
      message_id: z.string(),
      identity: z.string(),
      text: z.string(),
      kind: z.enum(['MESSAGE', 'REPLY']),
      handed_over_at: z.string(),
    }),
  ),
  /** Empty on the last page. */
  next_page_token: z.string(),
});
