import { describe } from 'vitest';
import { ON_ROLES } from './instance.js';

/** A `describe` that is left out on roles, which says why: what it is about is the one process and its own files. */
export function inOneProcess(reason: string): ReturnType<typeof describe.skipIf> {
  if (ON_ROLES) process.stdout.write(`left out on roles: ${reason}\n`);
  return describe.skipIf(ON_ROLES);
}
