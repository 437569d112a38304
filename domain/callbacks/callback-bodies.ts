import type { CallbackSource } from './callback-bodies-source.js';
import { buildBodyV1 } from './callback-bodies-v1.js';
import type { BodyVersion, Trigger } from '../events/events.js';

export type { CallbackSource } from './callback-bodies-source.js';

/** Every version that an event may name has its builder, for ever. */
const BUILDERS: Readonly<Record<BodyVersion, (trigger: Trigger, source: CallbackSource) => object>> = {
  1: buildBodyV1,
};

/**
 * Builds the bytes of a callback, as text: compact JSON, the same for the same event for ever. Some receivers check the
 * signature over `JSON.stringify` of the parsed body, so nothing may be spaced or escaped otherwise.
 * @throws TypeError when such an event fires no such callback, or its identities are missing
 */
export function buildBody(version: BodyVersion, trigger: Trigger, source: CallbackSource): string {
  return JSON.stringify(BUILDERS[version](trigger, source));
}
