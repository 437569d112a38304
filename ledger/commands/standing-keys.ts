import type { Clock } from '../../domain/clock.js';
import type { Actor, LedgerEvent, Scope } from '../../domain/events/events.js';
import { metaOf } from './change-app.js';
import { deriveId } from '../event-ids.js';
import { handleCommand } from './handle-command.js';
import type { Appended, Ledger } from '../ledger.js';
import { MAX_READ } from '../read-limits.js';
import { Refusal } from '../refusal.js';
import { projectStream } from '../streams.js';

/** A key that lets somebody in. */
export interface StandingKey {
  readonly keyId: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339 UTC with ms. */
  readonly createdAt: string;
  readonly createdBy: Actor;
}

interface Keys {
  /** Oldest first. */
  readonly standing: ReadonlyMap<string, StandingKey>;
  readonly revoked: ReadonlySet<string>;
}

/** Folds a project's stream; keys come and go rarely, so it is read whole. */
async function readKeys(ledger: Pick<Ledger, 'readStream'>, projectId: string): Promise<Keys> {
  const standing = new Map<string, StandingKey>();
  const revoked = new Set<string>();
  for (let from = 0; ; from += MAX_READ) {
    const read = { from, direction: 'forwards', limit: MAX_READ } as const;
    const page = await ledger.readStream(projectStream(projectId), read);
    for (const { event } of page) fold(event, standing, revoked);
    if (page.length < MAX_READ) return { standing, revoked };
  }
}

function fold(event: LedgerEvent, standing: Map<string, StandingKey>, revoked: Set<string>): void {
  if (event.type === 'access-key-created') {
    const { keyId, label, scopes } = event.data;
    const { recordedAt: createdAt, actor: createdBy } = event.meta;
    standing.set(keyId, { keyId, label, scopes, createdAt, createdBy });
  } else if (event.type === 'access-key-revoked') {
    standing.delete(event.data.keyId);
    revoked.add(event.data.keyId);
  }
}

/** The keys of a project that stand, oldest first, from the ledger itself; none for an unknown project. */
export async function readStandingKeys(
  ledger: Pick<Ledger, 'readStream'>,
  projectId: string,
): Promise<readonly StandingKey[]> {
  return [...(await readKeys(ledger, projectId)).standing.values()];
}

interface KeyToRevoke {
  readonly projectId: string;
  readonly keyId: string;
  readonly actor: Actor;
}

const isAdmin = ({ scopes }: StandingKey): boolean => scopes.includes('admin');

/**
 * Ends a key, and every token that it got. A key that was revoked before stays so, and nothing is written.
 * @returns null where nothing was written
 * @throws Refusal `access-key-not-found`; `last-admin-key`, after which nobody could make another one
 */
export async function revokeAccessKey(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  { projectId, keyId, actor }: KeyToRevoke,
): Promise<Appended | null> {
  const stream = projectStream(projectId);
  const { appended } = await handleCommand({
    ...deps,
    stream,
    decide: async ({ recordedAt }) => {
      const { standing, revoked } = await readKeys(deps.ledger, projectId);
      if (revoked.has(keyId)) return [];
      const key = standing.get(keyId);
      if (key === undefined) throw new Refusal('access-key-not-found');
      if (isAdmin(key) && [...standing.values()].filter(isAdmin).length === 1) {
        throw new Refusal('last-admin-key');
      }
      return [
        {
          id: deriveId(stream, 'access-key-revoked', keyId),
          type: 'access-key-revoked',
          version: 1,
          data: { projectId, keyId },
          meta: metaOf(recordedAt, actor),
        },
      ];
    },
  });
  return appended;
}
