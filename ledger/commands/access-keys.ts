import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import type { Actor, Scope } from '../../domain/events/events.js';
import { metaOf } from './change-app.js';
import { deriveId, newUlid } from '../event-ids.js';
import { handleCommand } from './handle-command.js';
import { START, type Appended, type Ledger, type Position } from '../ledger.js';
import { Refusal } from '../../domain/refusal.js';
import { readKeysInForce } from '../reads/access-key-reads.js';
import { projectStream } from '../streams.js';

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

export interface ProjectToCreate {
  readonly projectId: string;
  readonly displayName: string;
  readonly actor: Actor;
}

export interface KeyToCreate {
  readonly projectId: string;
  readonly key: NewAccessKey;
  readonly scopes: readonly Scope[];
  readonly label: string;
  readonly actor: Actor;
}

/** Keys of one project in force at the same time: whoever leaks them by the hundred has to notice. */
const MOST_KEYS = 100;

/** Hashes by SHA-256: a slow hash is for words that people choose, while these secrets are random. */
const digest = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest();

/** Whether the secret is the one whose hex SHA-256 stands in `access-key-created`; in constant time. */
export function verifySecret(secret: string, secretHash: string): boolean {
  const stored = Buffer.from(secretHash, 'hex');
  const given = digest(secret);
  return stored.length === given.length && timingSafeEqual(given, stored);
}

/** Makes a key and writes nothing, so that what shows the secret can be kept before the key works. */
export function newAccessKey(clock: Clock): NewAccessKey {
  return { keyId: newUlid(clock.now()), keySecret: randomBytes(32).toString('base64url') };
}

/** Creates a project under an id that the caller chose. @throws Refusal `project-exists` */
export async function createProject(deps: KeyDeps, project: ProjectToCreate): Promise<Appended | null> {
  const stream = projectStream(project.projectId);
  const { appended } = await handleCommand({
    ...deps,
    stream,
    decide: ({ last, recordedAt }) => {
      if (last !== undefined) throw new Refusal('project-exists');
      return [
        {
          id: deriveId(stream, 'project-created'),
          type: 'project-created',
          version: 1,
          data: { projectId: project.projectId, displayName: project.displayName },
          meta: metaOf(recordedAt, project.actor),
        },
      ];
    },
  });
  return appended;
}

/**
 * Lets a key in; only the secret's hash is kept.
 * @returns `createdAt` is RFC 3339 with ms, `position` that of its event
 * @throws Refusal `project-not-found`, `too-many-access-keys`
 */
export async function createAccessKey(
  deps: KeyDeps,
  wanted: KeyToCreate,
): Promise<{ readonly createdAt: string; readonly position: Position }> {
  const { projectId, key, scopes, label, actor } = wanted;
  const stream = projectStream(projectId);
  const { basis, appended } = await handleCommand({
    ...deps,
    stream,
    decide: async ({ last, recordedAt }) => {
      if (last === undefined) throw new Refusal('project-not-found');
      const inForce = await readKeysInForce(deps.ledger, projectId);
      if (inForce.length >= MOST_KEYS) throw new Refusal('too-many-access-keys');
      const secretHash = digest(key.keySecret).toString('hex');
      return [
        {
          id: deriveId(stream, 'access-key-created', key.keyId),
          type: 'access-key-created',
          version: 1,
          data: { projectId, keyId: key.keyId, secretHash, scopes, label },
          meta: metaOf(recordedAt, actor),
        },
      ];
    },
  });
  return { createdAt: basis.recordedAt, position: appended?.position ?? START };
}
