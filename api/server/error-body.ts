import type { ApiError } from './errors.js';

/**
 * Says how a route's errors look: nested on the Conversation API's paths and ours, flat on the Batch API's,
 * RFC 6749 §5.2 on the token endpoint.
 */
export type ErrorShape = 'nested' | 'flat' | 'oauth';

const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

/** RFC 6749 names of what can go wrong at the token endpoint. */
function oauthCode(error: ApiError): string {
  switch (error.status) {
    case 'UNAUTHENTICATED':
      return 'invalid_client';
    case 'PERMISSION_DENIED':
      return 'unauthorized_client';
    case 'RESOURCE_EXHAUSTED':
    case 'UNAVAILABLE':
      return 'temporarily_unavailable';
    case 'INTERNAL':
      return 'server_error';
    case 'FAILED_PRECONDITION':
      return 'unsupported_grant_type';
    case 'INVALID_ARGUMENT':
    case 'NOT_FOUND':
    case 'ABORTED':
    case 'UNIMPLEMENTED':
      return 'invalid_request';
  }
}

/** The JSON body of an error answer. `details` is always an array: a client of Sinch insists on it. */
export function errorBody(error: ApiError, shape: ErrorShape): Record<string, unknown> {
  if (shape === 'oauth') {
    return { error: oauthCode(error), error_description: error.message };
  }
  const details =
    error.violations.length === 0 ? [] : [{ '@type': BAD_REQUEST, fieldViolations: error.violations }];
  const flat = { code: error.httpCode, message: error.message, status: error.status, details };
  return shape === 'flat' ? flat : { error: flat };
}
