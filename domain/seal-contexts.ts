/** Where a sealed secret stands: one moved to another place does not open there. */

/** `secret` of a webhook. */
export function endpointSecretContext(endpointId: string): string {
  return `endpoint-secret ${endpointId}`;
}

/** `client_credentials.client_secret` of a webhook. */
export function clientSecretContext(endpointId: string): string {
  return `client-secret ${endpointId}`;
}

/** `secret` of an app's `http` channel. */
export function channelSecretContext(appId: string): string {
  return `channel-secret ${appId}`;
}

/** `callback_settings.secret_for_overridden_callback_urls` of an app. */
export function overrideSecretContext(appId: string): string {
  return `override-secret ${appId}`;
}

/** A secret inside `channel_credentials` of an app. */
export function credentialContext(appId: string): string {
  return `channel-credential ${appId}`;
}
