import { describe, expect, it } from 'vitest';
import { errorBody } from '../../../../api/server/error-body.js';
import {
  ApiError,
  HTTP_CODES,
  invalidField,
  toApiError,
  type Status,
} from '../../../../api/server/errors.js';
import {
  AppendTooLarge,
  AppendUnclear,
  InvalidEvent,
  LedgerUnavailable,
  TooManyConflicts,
  UnsealFailed,
} from '../../../../ledger/errors.js';
import { Refusal, type RefusalCode } from '../../../../domain/refusal.js';
import { ViewsBehind } from '../../../../projections/errors.js';

const codeOf = (error: unknown): string => {
  const { httpCode, status, headers } = toApiError(error);
  const after = headers['retry-after'];
  return `${String(httpCode)} ${status}${after === undefined ? '' : ` after ${after}`}`;
};

describe('the table of errors', () => {
  it.each<[RefusalCode, string]>([
    ['app-not-found', '404 NOT_FOUND'],
    ['webhook-not-found', '404 NOT_FOUND'],
    ['message-not-found', '404 NOT_FOUND'],
    ['project-not-found', '403 PERMISSION_DENIED'],
    ['app-exists', '409 ABORTED'],
    ['project-exists', '409 ABORTED'],
    ['stale-revision', '409 ABORTED'],
    ['too-many-webhooks', '400 FAILED_PRECONDITION'],
    ['target-taken', '400 INVALID_ARGUMENT'],
    ['idempotency-key-reused', '400 INVALID_ARGUMENT'],
  ])('has a row for the refusal %s: %s', (code, answer) => {
    expect(codeOf(new Refusal(code))).toBe(answer);
  });

  it.each<[Error, string]>([
    [new AppendUnclear(), '503 UNAVAILABLE after 2'],
    [new LedgerUnavailable(), '503 UNAVAILABLE after 2'],
    [new ViewsBehind(2n, 1n), '503 UNAVAILABLE after 2'],
    [new TooManyConflicts(), '503 UNAVAILABLE after 1'],
    [new AppendTooLarge(), '413 INVALID_ARGUMENT'],
    [new InvalidEvent('personal at 46700000001'), '500 INTERNAL'],
    [new UnsealFailed(), '500 INTERNAL'],
    [Object.assign(new Error('x'), { code: 'constructor' }), '500 INTERNAL'],
  ])('has a row for the fault %s: %s', (fault, answer) => {
    expect(codeOf(fault)).toBe(answer);
  });

  it('tells nothing of a fault of ours', () => {
    expect(toApiError(new InvalidEvent('personal at 46700000001')).message).toBe('internal error');
    expect(toApiError('46700000001').message).toBe('internal error');
  });
});

describe('the bodies of errors', () => {
  const error = invalidField('target', 'expected https');
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: 'target', description: 'expected https' }],
    },
  ];
  const flat = { code: 400, message: 'target: expected https', status: 'INVALID_ARGUMENT', details };

  it('are nested, flat, or as RFC 6749 has them', () => {
    expect(errorBody(error, 'nested')).toEqual({ error: flat });
    expect(errorBody(error, 'flat')).toEqual(flat);
    expect(errorBody(error, 'oauth')).toEqual({
      error: 'invalid_request',
      error_description: 'target: expected https',
    });
  });

  it('have a name of RFC 6749 for every status', () => {
    const names = (Object.keys(HTTP_CODES) as Status[]).map(
      (status) => errorBody(new ApiError(status, 'm'), 'oauth')['error'],
    );
    expect(names).toEqual([
      'invalid_request',
      'unsupported_grant_type',
      'invalid_client',
      'unauthorized_client',
      'invalid_request',
      'invalid_request',
      'temporarily_unavailable',
      'server_error',
      'invalid_request',
      'temporarily_unavailable',
    ]);
  });
});
