import type { ChannelSettings } from '../domain/settings.js';
import { inboundSecretContext } from '../domain/seal-contexts.js';
import type { ProviderReading, ProviderRequest } from './provider.js';
import { readSinchCallback } from './sinch/sinch-callback.js';
import { readTwilioWebhook } from './twilio/twilio-webhook.js';

/** Providers that post to `inbound/{provider}` and sign what they post. */
export const PROVIDERS = ['sinch', 'twilio'] as const;
export type Provider = (typeof PROVIDERS)[number];

export interface ProviderDeps {
  /** Opens a sealed secret. @throws when it was sealed elsewhere or by another key */
  readonly open: (sealed: string, context: string) => string;
  /** Where the world reaches us, without a slash at the end; null where nobody has said so. */
  readonly publicUrl: string | null;
}

/**
 * Verifies and reads what came to `inbound/{provider}` of an app.
 * @returns undefined when the app does not have that provider. @throws what `open` throws
 */
export function readProviderRequest(
  deps: ProviderDeps,
  provider: Provider,
  app: { readonly appId: string; readonly channel: ChannelSettings },
  request: ProviderRequest,
): ProviderReading | undefined {
  const { appId, channel } = app;
  if (channel.type !== provider) return undefined;
  const openInbound = (...sealed: readonly (string | null)[]): string[] =>
    sealed.flatMap((one) => (one === null ? [] : [deps.open(one, inboundSecretContext(appId))]));
  switch (channel.type) {
    case 'sinch': {
      const secrets = openInbound(channel.sealedInboundSecret, channel.sealedPreviousInboundSecret);
      return readSinchCallback({ projectId: channel.projectId, appId: channel.appId, secrets }, request);
    }
    case 'twilio': {
      const { publicUrl } = deps;
      if (publicUrl === null) return { ok: false, refused: 'no-public-url' };
      const authTokens = openInbound(channel.sealedAuthToken, channel.sealedPreviousAuthToken);
      return readTwilioWebhook({ publicUrl, authTokens }, request);
    }
  }
}
