import { z } from 'zod';
import type { AppState } from '../../domain/settings.js';

/** The part of an app's wire fields that says which number or account a channel sends from. */
const credential = z.object({
  channel: z.string(),
  static_bearer: z.object({ claimed_identity: z.string() }),
});

/** Claimed identity of the app's credentials for a channel; empty where they name none. */
export function defaultSender({ profile }: Pick<AppState, 'profile'>, channel: string): string {
  const given = profile['channel_credentials'];
  if (!Array.isArray(given)) return '';
  const named = given.flatMap((entry) => credential.safeParse(entry).data ?? []);
  return named.find((entry) => entry.channel === channel)?.static_bearer.claimed_identity ?? '';
}
