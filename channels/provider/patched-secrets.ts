import { MASK } from '../../domain/mask.js';
import { InvalidSetting } from './invalid-setting.js';

/**
 * What a secret in a PATCH means for the sealed one that stands: absent or masked keeps it.
 * @returns undefined when there is neither
 */
export function sealedAfter(
  given: string | undefined,
  kept: string | undefined,
  seal: (plain: string) => string,
): string | undefined {
  return given === undefined || given === MASK ? kept : seal(given);
}

/** The secrets that a provider's callbacks may be signed with. */
export interface InboundSecrets {
  readonly current: string | undefined;
  readonly previous: string | null;
}

/**
 * Rotation without a gap: a new secret moves the old one to the previous place, where it counts until it is set to
 * null; a patch that names the previous one itself decides over it.
 */
export function rotatedAfter(
  given: { readonly current: string | undefined; readonly previous: string | null | undefined },
  kept: InboundSecrets,
  seal: (plain: string) => string,
): InboundSecrets {
  const current = sealedAfter(given.current, kept.current, seal);
  if (given.previous === null) return { current, previous: null };
  if (given.previous !== undefined && given.previous !== MASK) {
    return { current, previous: seal(given.previous) };
  }
  const moved = current !== kept.current && kept.current !== undefined;
  return { current, previous: moved ? kept.current : kept.previous };
}

/** Whether requests would go to another host than before; the provider's own (null) gets no secret that is not its. */
export function goesElsewhere(after: string | null, kept: string | null): boolean {
  return after !== null && (kept === null || new URL(after).origin !== new URL(kept).origin);
}

/**
 * A secret that stands is never sent to a host that a PATCH names: whoever names it has to know the secret.
 * @throws InvalidSetting where it is absent or masked
 */
export function requireAnew(field: string, given: string | null | undefined): void {
  if (given === undefined || given === null || given === MASK)
    throw new InvalidSetting(field, 'needed anew: what stands is not sent to another host');
}

/** A field that a channel of this type cannot be without. @throws InvalidSetting where it is missing */
export function needed<T>(field: string, value: T | undefined, type: string): T {
  if (value === undefined) throw new InvalidSetting(field, `needed for type ${type}`);
  return value;
}

/** An origin in a PATCH, without a slash at the end: absent keeps it, null is the provider's own. */
export function originAfter(given: string | null | undefined, kept: string | null = null): string | null {
  return given === undefined ? kept : (given?.replace(/\/+$/u, '') ?? null);
}
