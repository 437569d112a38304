import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';

const app = defineSearchAttributeKey('OptApp', SearchAttributeType.KEYWORD);
const endpoint = defineSearchAttributeKey('OptEndpoint', SearchAttributeType.KEYWORD);
const trigger = defineSearchAttributeKey('OptTrigger', SearchAttributeType.KEYWORD);
const state = defineSearchAttributeKey('OptState', SearchAttributeType.KEYWORD);
const attempts = defineSearchAttributeKey('OptAttempts', SearchAttributeType.INT);
const nextAttempt = defineSearchAttributeKey('OptNextAttempt', SearchAttributeType.DATETIME);

/** By what an operator finds work that waits. Kept in clear by Temporal: ids and figures only. */
export interface Searchable {
  readonly appId: string;
  readonly endpointId?: string;
  readonly trigger?: string;
  readonly state: string;
  readonly attempts: number;
  /** RFC 3339; null when nothing follows. */
  readonly nextAttemptAt: string | null;
}

/** Only after a first failure: an upsert doubles the price of a workflow. */
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
