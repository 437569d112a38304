import { MASK } from '../../../domain/mask.js';
import { createAccessKey, newAccessKey } from '../../../ledger/commands/access-keys.js';
import { revokeAccessKey } from '../../../ledger/commands/revoke-access-key.js';
import { readKeysInForce, type KeyInForce } from '../../../ledger/reads/access-key-reads.js';
import { actorOf } from '../../auth/actor.js';
import type { Api, AppDeps } from '../../deps.js';
import { keyList, keyParams, newKeyRequest, newKeyResponse } from '../../wire/access/access-keys.js';
import { nothing, projectParams } from '../../wire/common.js';

const tags = ['Access'];
const ALL = '/v1/projects/:project_id/access-keys';
/** An answer waits for so long until sign-ins see the change, ms. */
const PATIENCE_MS = 2_000;

/**
 * Serves the access keys of a project. To rotate a key, one makes a new one, moves the clients over, and revokes the old
 * one; both let in meanwhile.
 */
export function registerAccessKeys(app: Api, deps: AppDeps): void {
  registerList(app, deps);
  registerCreate(app, deps);
  registerRevoke(app, deps);
}

const toWire = ({ keyId, label, scopes, createdAt, createdBy }: KeyInForce) => ({
  key_id: keyId,
  key_secret: MASK,
  name: label,
  scopes: [...scopes],
  created_at: createdAt,
  created_by: createdBy.type === 'access-key' ? createdBy.id : null,
});

function registerList(app: Api, { ledger }: AppDeps): void {
  app.get(
    ALL,
    { schema: { summary: 'List the access keys', tags, params: projectParams, response: { 200: keyList } } },
    async (request) => ({
      access_keys: (await readKeysInForce(ledger, request.params.project_id)).map(toWire),
    }),
  );
}

function registerCreate(app: Api, deps: AppDeps): void {
  app.post(
    ALL,
    {
      schema: {
        summary: 'Create an access key',
        description: 'Its secret stands in this answer and nowhere else.',
        tags,
        params: projectParams,
        body: newKeyRequest,
        response: { 200: newKeyResponse },
      },
    },
    async (request, reply) => {
      const key = newAccessKey(deps.clock);
      const { name, scopes } = request.body;
      const { createdAt, position } = await createAccessKey(deps, {
        projectId: request.params.project_id,
        key,
        scopes,
        label: name,
        actor: actorOf(request),
      });
      // Where sign-ins are late to see the key, the answer is right all the same; without it the secret would be lost.
      await Promise.allSettled([deps.views.passed(position, PATIENCE_MS)]);
      void reply.header('cache-control', 'no-store');
      return { key_id: key.keyId, key_secret: key.keySecret, name, scopes, created_at: createdAt };
    },
  );
}

function registerRevoke(app: Api, deps: AppDeps): void {
  app.delete(
    `${ALL}/:key_id`,
    {
      schema: {
        summary: 'Revoke an access key',
        description: 'From the answer on, neither the key nor a token of it lets anybody in.',
        tags,
        params: keyParams,
        response: { 200: nothing },
      },
    },
    async (request) => {
      const { project_id: projectId, key_id: keyId } = request.params;
      const appended = await revokeAccessKey(deps, { projectId, keyId, actor: actorOf(request) });
      if (appended !== null) await deps.views.passed(appended.position, PATIENCE_MS);
      return {};
    },
  );
}
