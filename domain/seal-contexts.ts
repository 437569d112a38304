/** Names where a sealed secret stands: one that was moved to another place does not open there. */

/** `secret` of a webhook. */
export function endpointSecretContext(endpointId: string): string {
  return `endpoint-secret ${endpointId}`;
}

/** `client_credentials.client_secret` of a webhook. */
export function clientSecretContext(endpointId: string): string {
  return `client-secret ${endpointId}`;
}

/** What an app's channel signs or signs in with: `secret` of `http`, `key_secret` of `sinch`, `api_key_secret` of `twilio`. */
export function channelSecretContext(appId: string): string {
  return `channel-secret ${appId}`;
}

/** What an app's provider signs its callbacks with, the one in force and the one before. */
export function inboundSecretContext(appId: string): string {
  return `inbound-secret ${appId}`;
}

/** `callback_settings.secret_for_overridden_callback_urls` of an app. */
export function overrideSecretContext(appId: string): string {
  return `override-secret ${appId}`;
}

/** A secret inside `channel_credentials` of an app. */
export function credentialContext(appId: string): string {
  return `channel-credential ${appId}`;
}
