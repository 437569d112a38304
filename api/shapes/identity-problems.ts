import type { IdentityProblem } from '../../domain/identity.js';
import { invalidField, type ApiError } from '../server/errors.js';

const EXPECTED: Readonly<Record<IdentityProblem, string>> = {
  empty: 'expected an identity',
  'too-long': 'expected at most 128 characters',
  'not-international': 'expected a phone number in international form: country code first, no leading 0',
};

/** 400 for an identity that cannot be used; names its field and never repeats it. */
export function identityProblem(field: string, problem: IdentityProblem): ApiError {
  return invalidField(field, EXPECTED[problem]);
}
