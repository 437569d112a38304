import type { ConsentResult } from '../../../domain/events/events.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { newUlid } from '../../../ledger/event-ids.js';
import { recordConsents, type ConsentRecord } from '../../../ledger/commands/record-consent.js';
import { recordConsentsOnce } from '../../../ledger/commands/record-once.js';
import { actorOf } from '../../auth/actor.js';
import { canonicalJson } from '../../shapes/canonical-json.js';
import type { Api, AppDeps } from '../../deps.js';
import { invalidField } from '../../server/errors.js';
import { changeIdentity } from '../../shapes/identities.js';
import { appParams } from '../../wire/common.js';
import {
  recordHeaders,
  recordRequest,
  recordResponse,
  type RecordRequest,
} from '../../wire/consents/consents-record.js';

/** The body has room for 1,000 records with evidence of 2,000 characters each, most of them plain. */
const BODY_LIMIT = 4 * 1_048_576;
/** A caller's clock may be ahead of ours by so much. */
const CLOCK_SKEW_MS = 60_000;

/** `POST …/consents:record`: a customer's system opts contacts in or out. */
export function registerConsentsRecord(app: Api, deps: AppDeps): void {
  app.post(
    '/v1/projects/:project_id/apps/:app_id/consents::record',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Opt contacts in or out',
        description:
          "A person's own later opt-out is not overridden. Under an `Idempotency-Key` a repeated request answers what the first one did. Fires no callback unless `callback_on_api` is set.",
        tags: ['Consents'],
        params: appParams,
        headers: recordHeaders,
        body: recordRequest,
        response: { 200: recordResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId } = request.params;
      const records = recordsOf(request.body, deps.clock.now());
      const app = await readApp(deps.ledger, projectId, appId);
      const batch = { app, actor: actorOf(request), records };
      const key = request.headers['idempotency-key'];
      const results =
        key === undefined
          ? await recordConsents(deps, { ...batch, batchId: newUlid(deps.clock.now()) })
          : await recordConsentsOnce(deps, batch, { key, request: canonicalJson(request.body) });
      return { results: results.map(toWire) };
    },
  );
}

/** Reads identities strictly; all are looked at before any is recorded. */
function recordsOf({ records }: RecordRequest, now: number): readonly ConsentRecord[] {
  return records.map(({ channel, identity, list_type: listType, direction, reason, evidence }, index) => {
    const field = `records.${String(index)}`;
    const who = changeIdentity(`${field}.identity`, { channel, identity });
    const record = { ...who, listType, direction, reason };
    if (evidence === undefined) return record;
    const obtained = Date.parse(evidence.obtained_at);
    if (!(obtained <= now + CLOCK_SKEW_MS)) {
      throw invalidField(`${field}.evidence.obtained_at`, 'expected a moment that has passed');
    }
    const obtainedAt = new Date(obtained).toISOString();
    return { ...record, evidence: { obtainedAt, text: evidence.text } };
  });
}

function toWire(result: ConsentResult) {
  return result.status === 'RECORDED'
    ? { status: result.status, changed: result.changed, event_id: result.eventId }
    : { status: result.status, code: 'NEWER_OPT_OUT' as const, event_id: result.eventId };
}
