import { scopeOf, type Operation } from './document.js';

/** One error that a route can answer. */
export interface ErrorRow {
  readonly code: number;
  readonly status: string;
  readonly when: string;
}

/** Names what a route can answer besides its success, by what it takes and who may call it. */
export function errorsOf(
  path: string,
  { parameters = [], requestBody, ...operation }: Operation,
): readonly ErrorRow[] {
  const scope = scopeOf({ ...operation });
  const takes =
    requestBody !== undefined || parameters.some((one) => one.in !== 'path' || one.name !== 'project_id');
  const names = parameters.some((one) => one.in === 'path' && one.name !== 'project_id');
  const signed = scope === undefined && path.includes('/inbound/');
  const guarded = JSON.stringify(requestBody ?? {}).includes('lost updates');
  const row = (when: boolean, code: number, status: string, text: string): ErrorRow[] =>
    when ? [{ code, status, when: text }] : [];
  return [
    ...row(
      takes,
      400,
      'INVALID_ARGUMENT',
      'a field is missing, unknown or not as it must be; the error names it',
    ),
    ...row(scope !== undefined, 401, 'UNAUTHENTICATED', 'no sign-in, or one that is not known'),
    ...row(signed, 401, 'UNAUTHENTICATED', 'the signature is missing, too old or not valid'),
    ...row(
      scope !== undefined,
      403,
      'PERMISSION_DENIED',
      'the key lacks the scope, or is of another project',
    ),
    ...row(names, 404, 'NOT_FOUND', 'what the path names is not there'),
    ...row(guarded, 409, 'ABORTED', 'somebody changed it since it was read'),
    ...row(requestBody !== undefined, 413, 'INVALID_ARGUMENT', 'the body is larger than is allowed'),
    ...row(
      !path.includes('/inbound/') && !path.startsWith('/health'),
      429,
      'RESOURCE_EXHAUSTED',
      'too many requests; `Retry-After` says when to come back',
    ),
    ...row(
      path !== '/health/live',
      503,
      'UNAVAILABLE',
      'not now; after a write the outcome is unknown: repeat it with the same ids',
    ),
  ];
}
