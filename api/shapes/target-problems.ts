import type { TargetProblem } from '../../http-client/target-check.js';
import type { TargetCheck } from '../deps.js';
import { invalidField } from '../server/errors.js';

const EXPECTED: Readonly<Record<TargetProblem, string>> = {
  'not-a-url': 'expected an absolute URL',
  scheme: 'expected https',
  userinfo: 'expected a URL without user name and password',
  port: 'expected port 443 or 8443',
  'blocked-address': 'expected a public address',
};

/** Checks a URL that will receive requests from us. @throws ApiError naming the field, never the URL */
export async function requireTarget(check: TargetCheck, field: string, url: string): Promise<void> {
  const problem = await check(url);
  if (problem !== null) throw invalidField(field, EXPECTED[problem]);
}
