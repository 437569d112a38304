import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiError, type FieldViolation } from './errors.js';

/** Names that clients give to keys may be identities, so only what looks like a field is repeated. */
const FIELD_NAME = /^[a-z_@][a-z_@0-9.-]{0,63}$/i;
const safeName = (key: PropertyKey): string =>
  typeof key === 'number' || (typeof key === 'string' && (FIELD_NAME.test(key) || /^\d{1,4}$/.test(key)))
    ? String(key)
    : '*';

const MAX_VIOLATIONS = 10;

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code: string;
  readonly keys?: readonly string[];
}

function describe(issue: Issue): string {
  return issue.code === 'unrecognized_keys'
    ? `unknown key ${(issue.keys ?? []).slice(0, MAX_VIOLATIONS).map(safeName).join(', ')}`
    : issue.message;
}

/**
 * Turns zod's issues into field violations. They hold path and expectation, never the value: zod's own texts carry none,
 * and keys that do not look like field names become `*`.
 */
export function violationsOf(issues: readonly Issue[], where: string): readonly FieldViolation[] {
  return issues.slice(0, MAX_VIOLATIONS).map((issue) => ({
    field: issue.path.length === 0 ? where : issue.path.map(safeName).join('.'),
    description: describe(issue),
  }));
}

/** Makes a 400 that names each field at fault. */
export function invalidFields(violations: readonly FieldViolation[]): ApiError {
  const text = violations.map(({ field, description }) => `${field}: ${description}`).join('; ');
  return new ApiError('INVALID_ARGUMENT', text, { violations });
}

/** Reads a failed validation of params, query, headers or body; undefined when the error is none. */
export function asValidationError(error: FastifyError): ApiError | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) {
    return undefined;
  }
  const issues = error.validation.map((item): Issue => {
    const keys: unknown = item.params['keys'];
    return {
      path: item.instancePath.split('/').filter((part) => part !== ''),
      message: item.message ?? 'invalid',
      code: item.keyword,
      ...(Array.isArray(keys) ? { keys: keys.map(String) } : {}),
    };
  });
  return invalidFields(violationsOf(issues, error.validationContext ?? 'body'));
}
