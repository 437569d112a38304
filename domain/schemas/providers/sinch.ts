import { z } from 'zod';
import { opaqueId, word } from '../common-schemas.js';

/** Where the Sinch Conversation API runs an app. */
export const SINCH_REGIONS = ['us', 'eu', 'br'] as const;

/** An app of the Sinch Conversation API that messages leave through and come in from. Secrets are sealed. */
export const sinchSettings = z.strictObject({
  type: z.literal('sinch'),
  /** Ids at Sinch, not ours. */
  projectId: opaqueId,
  appId: opaqueId,
  region: z.enum(SINCH_REGIONS),
  /** Origin of the API without a slash at the end; null: Sinch's own of the region. */
  baseUrl: word.nullable(),
  /** Origin of the token endpoint, likewise. */
  authUrl: word.nullable(),
  keyId: opaqueId,
  sealedKeySecret: word,
  /** Signs what Sinch posts to us. */
  sealedInboundSecret: word,
  /** Still accepted during a rotation; null outside of one. */
  sealedPreviousInboundSecret: word.nullable(),
});
export type SinchSettings = Readonly<z.output<typeof sinchSettings>>;
