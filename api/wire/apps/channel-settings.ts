import { z } from 'zod';
import { sinchSettings } from './channel-settings-sinch.js';
import { twilioSettings } from './channel-settings-twilio.js';
import { MASK } from '../../../domain/mask.js';

const LONGEST_URL = 742;

const simulator = z.strictObject({ type: z.literal('simulator') });
const http = z.strictObject({
  type: z.literal('http'),
  url: z.string().min(1).max(LONGEST_URL).describe('receives one POST per message'),
  secret: z.string().min(1).max(1_024).describe(`signs the requests; ${MASK} on read`),
  idempotent: z.boolean().describe('true: the gateway honours the header idempotency-key'),
});

/** Answer of both methods: secrets masked. */
export const channelSettings = z.discriminatedUnion('type', [simulator, http, sinchSettings, twilioSettings]);
export type ShownChannel = z.infer<typeof channelSettings>;

/** The fields of each type; a PATCH may name those of the type that it ends at, no others. */
export const CHANNEL_FIELDS: Readonly<Record<ShownChannel['type'], Readonly<Record<string, unknown>>>> = {
  simulator: simulator.shape,
  http: http.shape,
  sinch: sinchSettings.shape,
  twilio: twilioSettings.shape,
};

/** Body of the PATCH: what is absent stays; a channel of another type than before needs all its own fields. */
export const channelSettingsPatch = z.strictObject({
  type: z.enum(['simulator', 'http', 'sinch', 'twilio']).optional(),
  ...http.omit({ type: true }).partial().shape,
  ...sinchSettings.omit({ type: true }).partial().shape,
  ...twilioSettings.omit({ type: true }).partial().shape,
});
export type ChannelSettingsPatch = z.infer<typeof channelSettingsPatch>;
