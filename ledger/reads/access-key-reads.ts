import type { Actor, Scope } from '../../domain/events/events.js';
import type { Ledger } from '../ledger.js';
import { projectStream } from '../streams.js';
import { readWholeStream } from './whole-stream.js';

/** A key that lets somebody in. */
export interface KeyInForce {
  readonly keyId: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339 UTC with ms. */
  readonly createdAt: string;
  readonly createdBy: Actor;
}

/** All keys that a project ever had. */
export interface ProjectKeys {
  /** Oldest first. */
  readonly inForce: ReadonlyMap<string, KeyInForce>;
  readonly revoked: ReadonlySet<string>;
}

/** Folds a project's stream; keys come and go rarely, so it is read whole. */
export async function readProjectKeys(
  ledger: Pick<Ledger, 'readStream'>,
  projectId: string,
): Promise<ProjectKeys> {
  const inForce = new Map<string, KeyInForce>();
  const revoked = new Set<string>();
  for (const { event } of await readWholeStream(ledger, projectStream(projectId))) {
    if (event.type === 'access-key-created') {
      const { keyId, label, scopes } = event.data;
      const { recordedAt: createdAt, actor: createdBy } = event.meta;
      inForce.set(keyId, { keyId, label, scopes, createdAt, createdBy });
    } else if (event.type === 'access-key-revoked') {
      inForce.delete(event.data.keyId);
      revoked.add(event.data.keyId);
    }
  }
  return { inForce, revoked };
}

/** The keys of a project that are in force, oldest first, from the ledger itself; none for an unknown project. */
export async function readKeysInForce(
  ledger: Pick<Ledger, 'readStream'>,
  projectId: string,
): Promise<readonly KeyInForce[]> {
  return [...(await readProjectKeys(ledger, projectId)).inForce.values()];
}
