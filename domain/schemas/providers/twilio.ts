import { z } from 'zod';
import { word } from '../common-schemas.js';

/** An account at Twilio that messages leave through and come in from. Secrets are sealed. */
export const twilioSettings = z.strictObject({
  type: z.literal('twilio'),
  accountSid: word,
  /** Signs what Twilio posts to us, and signs us in where there is no API key. */
  sealedAuthToken: word,
  /** Still accepted under what comes in during a rotation; null outside of one. */
  sealedPreviousAuthToken: word.nullable(),
  apiKey: z.strictObject({ sid: word, sealedSecret: word }).nullable(),
  /** Chooses the sender of messages that name none. */
  messagingServiceSid: word.nullable(),
  /** Origin of the API without a slash at the end; null: Twilio's own. */
  baseUrl: word.nullable(),
});
export type TwilioSettings = Readonly<z.output<typeof twilioSettings>>;
