import { z } from 'zod';
import { makesKey, NO_KEY } from '../../../domain/callbacks/webhook-secret.js';
import { secret, url } from '../../../channels/provider/setting-fields.js';
import { PROVIDERS } from '../../../channels/providers.js';
import { MASK } from '../../../domain/mask.js';

const simulator = z.strictObject({ type: z.literal('simulator') });
const http = z.strictObject({
  type: z.literal('http'),
  url: url.describe('receives one POST per message'),
  secret: secret.refine(makesKey, { error: NO_KEY }).describe(`signs the requests; ${MASK} on read`),
  idempotent: z.boolean().describe('true: the gateway honours the header idempotency-key'),
});
const provided = PROVIDERS.map(({ settings }) => settings.wire);

/** Answer of both methods: secrets masked. */
export const channelSettings = z.discriminatedUnion('type', [simulator, http, ...provided]);
export type ShownChannel = z.input<typeof channelSettings>;

/** The fields of each type; a PATCH may name those of the type that it ends at, no others. */
export const CHANNEL_FIELDS: ReadonlyMap<string, z.ZodRawShape> = new Map<string, z.ZodRawShape>([
  ['simulator', simulator.shape],
  ['http', http.shape],
  ...PROVIDERS.map(({ name, settings }) => [name, settings.wire.shape] as const),
]);

/** Fields that name where requests of ours go. */
export const TARGET_FIELDS: ReadonlySet<string> = new Set([
  'url',
  ...PROVIDERS.flatMap(({ settings }) => settings.targets),
]);

/** A field that several providers have takes the same values at each: a test compares them. */
const providedFields: z.ZodRawShape = Object.fromEntries(
  provided.flatMap((wire) => Object.entries(wire.omit({ type: true }).partial().shape)),
);

/** Body of the PATCH: what is absent stays; a channel of another type than before needs all its own fields. */
export const channelSettingsPatch = z.strictObject({
  type: z.enum(['simulator', 'http', ...PROVIDERS.map(({ name }) => name)]).optional(),
  ...http.omit({ type: true }).partial().shape,
  ...providedFields,
});
export type ChannelSettingsPatch = z.output<typeof channelSettingsPatch>;
