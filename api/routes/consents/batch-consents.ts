import { canonicalIdentity } from '../../../domain/identity.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { newUlid } from '../../../ledger/event-ids.js';
import { recordConsents, type ConsentRecord } from '../../../ledger/commands/record-consent.js';
import { actorOf } from '../../auth/actor.js';
import type { Api, AppDeps } from '../../deps.js';
import { identityProblem } from '../../shapes/identities.js';
import {
  batchConsentsRequest,
  batchConsentsResponse,
  type BatchConsentsRequest,
} from '../../wire/consents/batch-consents.js';
import { projectParams } from '../../wire/common.js';

/** Records name a phone number and no channel; the number is one identity on all of these channels. */
const CHANNEL = 'SMS';

/** `POST /v1/projects/{project_id}/consents` of Sinch's Batch API: inserts opt-outs. */
export function registerBatchConsents(app: Api, deps: AppDeps): void {
  app.post(
    '/v1/projects/:project_id/consents',
    {
      config: { errorShape: 'flat' },
      schema: {
        summary: 'Insert opt-outs',
        tags: ['Batch'],
        params: projectParams,
        body: batchConsentsRequest,
        response: { 200: batchConsentsResponse },
      },
    },
    async (request) => {
      const records = recordsOf(request.body);
      const batch = {
        app: await readApp(deps.ledger, request.params.project_id, request.body.app_id),
        batchId: newUlid(deps.clock.now()),
        actor: actorOf(request),
        records,
      };
      await recordConsents(deps, batch);
      return { batch_id: batch.batchId };
    },
  );
}

/** Makes identities canonical and leaves each change once: a repetition within one batch says nothing. */
function recordsOf({ consent_records: sent }: BatchConsentsRequest): readonly ConsentRecord[] {
  const records = sent.map(({ identification, consent_type: listType }, index) => {
    const canonical = canonicalIdentity(CHANNEL, identification);
    if (!canonical.ok)
      throw identityProblem(`consent_records.${String(index)}.identification`, canonical.problem);
    return { channel: CHANNEL, identity: canonical.identity, listType, direction: 'OPT_OUT' } as const;
  });
  return [...new Map(records.map((record) => [`${record.listType} ${record.identity}`, record])).values()];
}
