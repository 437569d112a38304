import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';

const app = defineSearchAttributeKey('OptApp', SearchAttributeType.KEYWORD);
const endpoint = defineSearchAttributeKey('OptEndpoint', SearchAttributeType.KEYWORD);
const trigger = defineSearchAttributeKey('OptTrigger', SearchAttributeType.KEYWORD);
const state = defineSearchAttributeKey('OptState', SearchAttributeType.KEYWORD);
const attempts = defineSearchAttributeKey('OptAttempts', SearchAttributeType.INT);
const nextAttempt = defineSearchAttributeKey('OptNextAttempt', SearchAttributeType.DATETIME);

/** What an operator finds waiting work by. Temporal keeps these in clear, so they are ids and figures only. */
export interface Searchable {
  readonly appId: string;
  readonly endpointId?: string;
  readonly trigger?: string;
  readonly state: string;
  readonly attempts: number;
  /** RFC 3339; null when nothing follows. */
  readonly nextAttemptAt: string | null;
}

/** Sets the search attributes. It is called only after a first failure, since an upsert doubles the price of a workflow. */
export function showSearchable(shown: Searchable): void {
  upsertSearchAttributes([
    { key: app, value: shown.appId },
    ...(shown.endpointId === undefined ? [] : [{ key: endpoint, value: shown.endpointId }]),
    ...(shown.trigger === undefined ? [] : [{ key: trigger, value: shown.trigger }]),
    { key: state, value: shown.state },
    { key: attempts, value: shown.attempts },
    { key: nextAttempt, value: shown.nextAttemptAt === null ? null : new Date(shown.nextAttemptAt) },
  ]);
}
