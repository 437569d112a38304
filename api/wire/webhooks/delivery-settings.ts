import { z } from 'zod';

const MOST_DELAYS = 50;
/** A week: whoever is silent for longer is better served by a replay. */
const LONGEST_DELAY_S = 604_800;

const profile = z.enum(['durable', 'sinch']);
const delays = z
  .array(z.number().min(1).max(LONGEST_DELAY_S))
  .max(MOST_DELAYS)
  .describe("seconds before each further attempt, in place of the profile's own");
const timeout = z.number().min(1).max(30).describe('seconds for the whole exchange');

/** Answer of both methods. */
export const deliverySettings = z.object({ profile, delays: delays.optional(), timeout_s: timeout });

/** Body of the PATCH; `delays: null` goes back to the profile's own. */
export const deliverySettingsPatch = z
  .strictObject({ profile, delays: delays.nullable(), timeout_s: timeout })
  .partial();
export type DeliverySettingsPatch = z.infer<typeof deliverySettingsPatch>;
