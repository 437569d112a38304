import { readApp } from '../../../ledger/reads/app-reads.js';
import { newUlid } from '../../../ledger/event-ids.js';
import { recordConsents, type ConsentRecord } from '../../../ledger/commands/record-consent.js';
import { actorOf } from '../../auth/actor.js';
import type { Api, AppDeps } from '../../deps.js';
import { invalidField } from '../../server/errors.js';
import { changeIdentity } from '../../shapes/identities.js';
import {
  batchConsentsRequest,
  batchConsentsResponse,
  type BatchConsentsRequest,
} from '../../wire/consents/batch-consents.js';
import { projectParams } from '../../wire/common.js';

/** Ids of contacts at Sinch, which its Batch API takes as well. */
const CONTACT_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/u;

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

/** Reads identities strictly and leaves each change once: a repetition within one batch says nothing. */
function recordsOf({ consent_records: sent }: BatchConsentsRequest): readonly ConsentRecord[] {
  const records = sent.map(({ identification, consent_type: listType }, index) => {
    const field = `consent_records.${String(index)}.identification`;
    // It would be recorded for somebody whom nobody can be.
    if (CONTACT_ID.test(identification))
      throw invalidField(field, 'no contacts are kept here, name an identity');
    const who = changeIdentity(field, { identity: identification });
    return { ...who, listType, direction: 'OPT_OUT' } as const;
  });
  return [...new Map(records.map((record) => [`${record.listType} ${record.identity}`, record])).values()];
}
