import { z } from 'zod';
import { FIRED_TRIGGERS } from '../../../domain/events/events.js';
import { projectParams, timeQuery } from '../common.js';
import { pageQuery } from '../paging.js';

export const CALLBACK_PAGE = { standard: 50, max: 1000 } as const;
const id = z.string().min(1).max(128);

export const callbackParams = projectParams.extend({ callback_id: id });

/** Ours, so unknown keys are refused: a filter that is ignored would be a wrong answer. */
export const callbackQuery = z
  .strictObject({
    state: z.enum(['waiting', 'delivered', 'parked']).optional(),
    app_id: id.optional(),
    endpoint_id: id.optional().describe('a webhook'),
    identity: id.optional().describe('whom the event is about; needs app_id'),
    trigger: z.enum(FIRED_TRIGGERS).optional(),
    from: timeQuery.describe('events recorded at this time or later, RFC 3339'),
    to: timeQuery.describe('events recorded before this time, RFC 3339'),
    ...pageQuery(CALLBACK_PAGE),
  })
  .refine(({ identity, app_id: appId }) => identity === undefined || appId !== undefined, {
    path: ['app_id'],
    error: 'expected beside identity: a contact is one identity within one app',
  });
export type CallbackQuery = z.output<typeof callbackQuery>;

const attemptClass = z.enum(['delivered', 'transient', 'misconfigured', 'refused', 'gone', 'blocked']);
const state = z.enum(['waiting', 'delivered', 'parked']);

const callback = z.object({
  id: z.string().describe('sent along as optledger-delivery-id'),
  app_id: z.string(),
  endpoint_id: z.string().describe('a webhook; override-… stands for the callback_url of a message'),
  trigger: z.string(),
  event_id: z.string(),
  event_time: z.string().nullable().describe('null where a callback was delivered long after its event'),
  state,
  attempts: z.number().int().describe('requests made'),
  last_class: attemptClass.nullable(),
  last_status: z.number().int().nullable().describe('HTTP status; null where none came'),
  last_fault: z.string().nullable().describe('what went wrong below HTTP, e.g. timeout'),
  last_time: z.string().nullable().describe('when the last outcome was recorded'),
  next_attempt_at: z.string().nullable().describe('null unless it waits'),
  park_reason: z.string().nullable(),
});
export type WireCallback = z.output<typeof callback>;

/** Answer of `GET …/callbacks`, newest event first. */
export const callbackList = z.object({
  callbacks: z.array(callback),
  /** Empty on the last page. */
  next_page_token: z.string(),
});

const attempt = z.object({
  number: z.number().int().describe('sent along as optledger-attempt'),
  at: z.string().describe('when its outcome was recorded'),
  class: attemptClass,
  status: z.number().int().nullable(),
  fault: z.string().nullable(),
  duration_ms: z.number(),
  retry_after_ms: z.number().nullable(),
  next_attempt_at: z.string().nullable().describe('when the schedule went on; null where it ended'),
  peer: z.string().nullable().optional().describe('address that was dialled; only for keys with admin'),
  answer_excerpt: z
    .string()
    .nullable()
    .optional()
    .describe('first bytes of the answer; only for keys with admin'),
});
export type WireAttempt = z.output<typeof attempt>;

/** Answer of `GET …/callbacks/{callback_id}`: its attempts are requests, oldest first. */
export const callbackDetail = callback.extend({ attempt_log: z.array(attempt) });
/** Answer of `POST …/callbacks/{callback_id}:retry`. */
export const callbackRetry = callbackDetail.extend({
  retry_attempt: z
    .number()
    .int()
    .nullable()
    .describe(
      'the attempt asked for: made with 200, due or under way with 202; null where none could be made',
    ),
});
export type WireCallbackDetail = z.output<typeof callbackDetail>;
