/** Where the Sinch Conversation API runs an app. */
export const SINCH_REGIONS = ['us', 'eu', 'br'] as const;
export type SinchRegion = (typeof SINCH_REGIONS)[number];

/** An app of the Sinch Conversation API that messages leave through and come in from. Secrets are sealed. */
export interface SinchSettings {
  readonly type: 'sinch';
  /** Ids at Sinch, not ours. */
  readonly projectId: string;
  readonly appId: string;
  readonly region: SinchRegion;
  /** Origin of the API without a slash at the end; null: Sinch's own of the region. */
  readonly baseUrl: string | null;
  /** Origin of the token endpoint, likewise. */
  readonly authUrl: string | null;
  readonly keyId: string;
  readonly sealedKeySecret: string;
  /** Signs what Sinch posts to us. */
  readonly sealedInboundSecret: string;
  /** Still accepted during a rotation; null outside of one. */
  readonly sealedPreviousInboundSecret: string | null;
}
