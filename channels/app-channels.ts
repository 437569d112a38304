import type { AppState } from '../domain/settings.js';

/**
 * Whether an app has credentials for a channel, as the Sinch Conversation API counts: a message on another one fails
 * while it is processed. A profile that says nothing of credentials takes every channel.
 */
export function takesChannel({ profile }: Pick<AppState, 'profile'>, channel: string | undefined): boolean {
  const entries = profile['channel_credentials'];
  if (!Array.isArray(entries)) return true;
  return (entries as readonly unknown[]).some(
    (entry) => typeof entry === 'object' && entry !== null && 'channel' in entry && entry.channel === channel,
  );
}
