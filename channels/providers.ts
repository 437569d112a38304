import type { ProviderName } from '../domain/schemas/provider-settings.js';
import type { ChannelSettings } from '../domain/settings.js';
import { secretsOf } from './provider/app-secrets.js';
import { readVerified, type Provider } from './provider/descriptor.js';
import type { ProviderChallenge, ProviderReading, ProviderRequest } from './provider/news.js';
import { sinch } from './sinch/sinch-provider.js';
import { twilio } from './twilio/twilio-provider.js';

/** The registry. What is stored of each stands in domain/schemas/provider-settings.ts; a name without its other half does not compile. */
const BY_NAME: { readonly [P in ProviderName]: Provider<P> } = { sinch, twilio };

/** Every provider that the house knows, in the order of the registry. */
export const PROVIDERS: readonly Provider[] = Object.values(BY_NAME);

/** The provider of that name. */
export function providerOf(name: ProviderName): Provider {
  return BY_NAME[name];
}

export interface ProviderDeps {
  /** Opens a sealed secret. @throws when it was sealed elsewhere or by another key */
  readonly open: (sealed: string, context: string) => string;
  /** Where the world reaches us, without a slash at the end; null where nobody has said so. */
  readonly publicUrl: string | null;
}

/** True where the provider makes sure by a GET that the URL is ours. */
export function asksByGet({ inbound }: Provider): boolean {
  return 'challenge' in inbound;
}

/** What of an app decides over what comes in. */
export interface ProviderApp {
  readonly appId: string;
  readonly channel: ChannelSettings;
}

/**
 * Verifies and reads what was posted to `inbound/{provider}` of an app.
 * @returns undefined when the app does not have that provider. @throws what `open` throws
 */
export function readProviderRequest(
  deps: ProviderDeps,
  provider: Provider,
  app: ProviderApp,
  request: ProviderRequest,
): ProviderReading | undefined {
  if (app.channel.type !== provider.name) return undefined;
  return readVerified(provider.inbound, opened(deps, provider, app.appId, app.channel), request);
}

/**
 * Answers what was asked by GET at `inbound/{provider}` of an app.
 * @returns undefined when the app does not have that provider, or the provider asks nothing. @throws what `open` throws
 */
export function answerChallenge(
  deps: ProviderDeps,
  provider: Provider,
  app: ProviderApp,
  request: ProviderRequest,
): ProviderChallenge | undefined {
  if (app.channel.type !== provider.name) return undefined;
  return provider.inbound.challenge?.(opened(deps, provider, app.appId, app.channel), request);
}

function opened(
  { open, publicUrl }: ProviderDeps,
  { inbound }: Provider,
  appId: string,
  settings: Extract<ChannelSettings, { type: ProviderName }>,
): unknown {
  return inbound.open(settings, { appId, publicUrl, secrets: secretsOf(appId, open) });
}
