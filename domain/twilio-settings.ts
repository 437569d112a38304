/** An account at Twilio that messages leave through and come in from. Secrets are sealed. */
export interface TwilioSettings {
  readonly type: 'twilio';
  readonly accountSid: string;
  /** Signs what Twilio posts to us, and signs us in where there is no API key. */
  readonly sealedAuthToken: string;
  /** Still accepted under what comes in during a rotation; null outside of one. */
  readonly sealedPreviousAuthToken: string | null;
  readonly apiKey: { readonly sid: string; readonly sealedSecret: string } | null;
  /** Chooses the sender of messages that name none. */
  readonly messagingServiceSid: string | null;
  /** Origin of the API without a slash at the end; null: Twilio's own. */
  readonly baseUrl: string | null;
}
