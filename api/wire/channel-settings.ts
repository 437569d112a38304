import { z } from 'zod';
import { MASK } from './common.js';

const LONGEST_URL = 742;

const simulator = z.strictObject({ type: z.literal('simulator') });
const http = z.strictObject({
  type: z.literal('http'),
  url: z.string().min(1).max(LONGEST_URL).describe('receives one POST per message'),
  secret: z.string().min(1).max(1_024).describe(`signs the requests; ${MASK} on read`),
  idempotent: z.boolean().describe('true: the gateway honours the header idempotency-key'),
});

/** Answer of both methods: secrets masked. */
export const channelSettings = z.discriminatedUnion('type', [simulator, http]);

/** Body of the PATCH: what is absent stays; `url` and `secret` are needed for a channel that had none. */
export const channelSettingsPatch = z.strictObject({
  type: z.enum(['simulator', 'http']).optional(),
  ...http.omit({ type: true }).partial().shape,
});
export type ChannelSettingsPatch = z.infer<typeof channelSettingsPatch>;
