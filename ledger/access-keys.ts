import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import type { AccessKeyCreated, Actor, ProjectCreated, Scope } from '../domain/events.js';
import { deriveId, newUlid } from './event-ids.js';
import type { Appended, Ledger } from './ledger.js';
import { Refusal } from './refusal.js';
import { projectStream } from './streams.js';

interface KeyDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** A key as it is shown once, to whoever asked for it. */
export interface NewAccessKey {
  readonly keyId: string;
  /** 256 random bits, base64url. */
  readonly keySecret: string;
}

/** Hex SHA-256. A slow hash is for words that people choose; these secrets have 256 random bits. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');

/** Compares in constant time. */
export function secretMatches(secret: string, secretHash: string): boolean {
  const given = createHash('sha256').update(secret, 'utf8').digest();
  const stored = Buffer.from(secretHash, 'hex');
  return stored.length === given.length && timingSafeEqual(given, stored);
}

/** Makes a key without writing anything: what shows the secret can be ready before the key works. */
export function newAccessKey(clock: Clock): NewAccessKey {
  return { keyId: newUlid(clock.now()), keySecret: randomBytes(32).toString('base64url') };
}

const metaAt = (clock: Clock, actor: Actor) => {
  const at = new Date(clock.now()).toISOString();
  return { recordedAt: at, occurredAt: at, actor };
};

/**
 * Creates a project; its id is chosen by the caller.
 * @throws Refusal `project-exists`
 */
export async function createProject(
  { ledger, clock }: KeyDeps,
  project: { readonly projectId: string; readonly displayName: string; readonly actor: Actor },
): Promise<Appended> {
  const stream = projectStream(project.projectId);
  const existing = await ledger.readStream(stream, { from: 0, direction: 'forwards', limit: 1 });
  if (existing.length > 0) {
    throw new Refusal('project-exists');
  }
  const event: ProjectCreated = {
    id: deriveId(stream, 'project-created'),
    type: 'project-created',
    version: 1,
    data: { projectId: project.projectId, displayName: project.displayName },
    meta: metaAt(clock, project.actor),
  };
  return ledger.append(stream, [event], 'none');
}
