import { channelSecretContext, inboundSecretContext } from '../../domain/seal-contexts.js';

/** Seals or opens the secrets of one app's channel settings, each for the place where it stands. */
export interface AppSecrets {
  /** What we sign or sign in with. */
  readonly channel: (secret: string) => string;
  /** What the provider signs with. */
  readonly inbound: (secret: string) => string;
}

/** @param turn seals or opens a secret for a place, see seal-contexts.ts */
export function secretsOf(appId: string, turn: (secret: string, context: string) => string): AppSecrets {
  return {
    channel: (secret) => turn(secret, channelSecretContext(appId)),
    inbound: (secret) => turn(secret, inboundSecretContext(appId)),
  };
}

/** The secrets that count for what comes in, opened: the one in force, and during a rotation the one before. */
export function openInForce(
  open: AppSecrets['inbound'],
  current: string,
  previous: string | null,
): readonly string[] {
  return previous === null ? [open(current)] : [open(current), open(previous)];
}
