import type { Clock } from '../../domain/clock.js';
import type { Actor } from '../../domain/events/events.js';
import { Refusal } from '../../domain/refusal.js';
import { deriveId } from '../event-ids.js';
import type { Appended, Ledger } from '../ledger.js';
import { readProjectKeys, type KeyInForce } from '../reads/access-key-reads.js';
import { projectStream } from '../streams.js';
import { metaOf } from './change-app.js';
import { handleCommand } from './handle-command.js';

interface KeyToRevoke {
  readonly projectId: string;
  readonly keyId: string;
  readonly actor: Actor;
}

const isAdmin = ({ scopes }: KeyInForce): boolean => scopes.includes('admin');

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
      const { inForce, revoked } = await readProjectKeys(deps.ledger, projectId);
      if (revoked.has(keyId)) return [];
      const key = inForce.get(keyId);
      if (key === undefined) throw new Refusal('access-key-not-found');
      if (isAdmin(key) && [...inForce.values()].filter(isAdmin).length === 1) {
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
