import type { z } from 'zod';
import { sinchSettings } from './providers/sinch.js';
import { twilioSettings } from './providers/twilio.js';

/** What the ledger keeps of each provider's settings, by the provider's name; its other half is channels/providers.ts. */
export const PROVIDER_SETTINGS = { sinch: sinchSettings, twilio: twilioSettings };

/** As in the `type` of an app's channel settings and in `inbound/{provider}`. */
export type ProviderName = keyof typeof PROVIDER_SETTINGS;
export type SettingsOf<P extends ProviderName = ProviderName> = Readonly<
  z.output<(typeof PROVIDER_SETTINGS)[P]>
>;
