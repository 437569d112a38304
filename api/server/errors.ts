import { InvalidSetting } from '../../channels/provider/invalid-setting.js';
import { Refusal, type RefusalCode } from '../../domain/refusal.js';

/** The gRPC status names of the wire, each with the HTTP code that Google's mapping gives it. */
export const HTTP_CODES = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
} as const;
export type Status = keyof typeof HTTP_CODES;

/** What is wrong with one field: its path on the wire and what was expected, never the value. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

interface ApiErrorOptions {
  readonly violations?: readonly FieldViolation[];
  /** Response headers in lower case, e.g. `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where HTTP has a more telling code than the status, e.g. 413. */
  readonly httpCode?: number;
}

/** An error answer. Its message is shown to the client: no identity, text, URL or secret in it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;
  readonly httpCode: number;
  readonly violations: readonly FieldViolation[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: Status, message: string, options: ApiErrorOptions = {}) {
    super(message);
    this.status = status;
    this.httpCode = options.httpCode ?? HTTP_CODES[status];
    this.violations = options.violations ?? [];
    this.headers = options.headers ?? {};
  }
}

/** Makes a 400 that names one field and what it expects. */
export function invalidField(field: string, description: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', `${field}: ${description}`, {
    violations: [{ field, description }],
  });
}

/** Makes a 404 for a resource; `what` is a kind such as `app`, never an id that was sent. */
export function notFound(what: string): ApiError {
  return new ApiError('NOT_FOUND', `${what} not found`);
}

const retryAfter = (seconds: number): ApiErrorOptions => ({ headers: { 'retry-after': String(seconds) } });

/** Makes a 503 that asks to come back. */
export function unavailable(message: string, afterS = 2): ApiError {
  return new ApiError('UNAVAILABLE', message, retryAfter(afterS));
}

/** Makes a 429 with the seconds until the next try may succeed. */
export function tooMany(message: string, afterS: number): ApiError {
  return new ApiError('RESOURCE_EXHAUSTED', message, retryAfter(Math.max(1, Math.ceil(afterS))));
}

const UNCLEAR = 'outcome unknown, repeat with the same message_id';
const BODY_LIMIT = 'the body is larger than is allowed';

/*
 * The one table, in three parts: refusal or fault → wire error.
 */

/** This part goes by the `code` of a refusal. */
const REFUSALS: Readonly<Record<RefusalCode, () => ApiError>> = {
  'app-not-found': () => notFound('app'),
  'app-exists': () => new ApiError('ABORTED', 'the app exists'),
  'webhook-not-found': () => notFound('webhook'),
  'message-not-found': () => notFound('message'),
  'project-not-found': () => new ApiError('PERMISSION_DENIED', 'no access to this project'),
  'project-exists': () => new ApiError('ABORTED', 'the project exists'),
  'access-key-not-found': () => notFound('access key'),
  'last-admin-key': () =>
    new ApiError('FAILED_PRECONDITION', 'key_id: the last admin key of a project cannot be revoked'),
  'too-many-access-keys': () =>
    new ApiError('FAILED_PRECONDITION', 'a project has at most 100 access keys, revoke one first'),
  'too-many-webhooks': () => new ApiError('FAILED_PRECONDITION', 'an app has at most 5 webhooks'),
  'target-taken': () => invalidField('target', 'another webhook of this app has this target'),
  'stale-revision': () => new ApiError('ABORTED', 'revision: the settings were changed since they were read'),
  'idempotency-key-reused': () => invalidField('idempotency-key', 'another request came under this key'),
  'callback-not-found': () => notFound('callback'),
  'callback-delivered': () =>
    new ApiError(
      'FAILED_PRECONDITION',
      'callback_id: this callback was delivered, there is nothing to retry',
    ),
  'suspicion-not-found': () => notFound('suspicion'),
  'suspicion-settled': () => new ApiError('ABORTED', 'decision: it was settled otherwise, see the list'),
};

/** This part goes by the name of a fault of the ledger or the views. A fault that is missing here is ours to mend: 500. */
const FAULTS = new Map<string, () => ApiError>(
  Object.entries({
    AppendUnclear: () => unavailable(UNCLEAR),
    AppendTooLarge: () => new ApiError('INVALID_ARGUMENT', BODY_LIMIT, { httpCode: 413 }),
    LedgerUnavailable: () => unavailable('the ledger cannot answer now'),
    ViewsBehind: () => unavailable('what was just written is not readable yet'),
    // Only what was recorded before is started.
    StartUnavailable: () => unavailable('recorded, but Temporal does not answer now: repeat to hurry it'),
    TooManyConflicts: () => unavailable('changed by others at the same time, repeat', 1),
  }),
);

/** This part goes by the `code` of an error of Fastify's. */
const REFUSED_BY_FASTIFY = new Map<string, () => ApiError>(
  Object.entries({
    FST_ERR_CTP_INVALID_MEDIA_TYPE: () => invalidField('content-type', 'expected application/json'),
    FST_ERR_CTP_INVALID_JSON_BODY: () => invalidField('body', 'expected valid JSON'),
    FST_ERR_CTP_BODY_TOO_LARGE: () => new ApiError('INVALID_ARGUMENT', BODY_LIMIT, { httpCode: 413 }),
    FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => invalidField('content-length', 'expected the size of the body'),
    FST_ERR_BAD_URL: () => new ApiError('INVALID_ARGUMENT', 'the path is not a valid URL path'),
    FST_ERR_MAX_PARAM_LENGTH: () => new ApiError('INVALID_ARGUMENT', 'a part of the path is too long'),
  }),
);

/** Finds the wire error of whatever was thrown; what has no row answers 500 with a text that tells nothing. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof Refusal) return REFUSALS[error.code]();
  if (error instanceof InvalidSetting) return invalidField(error.field, error.expected);
  const row =
    error instanceof Error ? (FAULTS.get(error.name) ?? REFUSED_BY_FASTIFY.get(codeOf(error))) : undefined;
  return row === undefined ? new ApiError('INTERNAL', 'internal error') : row();
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';
