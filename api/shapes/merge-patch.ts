import type { z } from 'zod';
import { invalidField } from '../server/errors.js';
import { invalidFields, violationsOf } from '../server/violations.js';

/** A resource as its wire fields, secrets in clear. */
export type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A path has one level, or two for a field of an object. */
function set(fields: Fields, path: string, patch: Fields): Fields {
  const [root = '', leaf] = path.split('.');
  if (leaf === undefined) return { ...fields, [root]: patch[root] ?? null };
  const from = patch[root];
  const into = fields[root];
  return {
    ...fields,
    [root]: { ...(isObject(into) ? into : {}), [leaf]: isObject(from) ? (from[leaf] ?? null) : null },
  };
}

/**
 * Merges a PATCH into a resource. Without a mask the keys that are present replace theirs; with one, what it
 * names is replaced, and what it names but the body lacks goes back to its default.
 * @param known the roots that a mask may name
 * @throws ApiError for a mask that names something else
 */
export function mergePatch(
  current: Fields,
  patch: Fields,
  mask: readonly string[] | undefined,
  known: readonly string[],
): Fields {
  if (mask === undefined) return { ...current, ...patch };
  if (!mask.every((path) => known.includes(path.split('.')[0] ?? ''))) {
    throw invalidField('update_mask', `expected names of ${known.join(', ')}`);
  }
  return mask.reduce((fields, path) => set(fields, path, patch), current);
}

/** Checks a merged resource. @throws ApiError naming each field at fault */
export function checked<S extends z.ZodType>(shape: S, fields: Fields): z.infer<S> {
  const result = shape.safeParse(fields);
  if (!result.success) throw invalidFields(violationsOf(result.error.issues, 'body'));
  return result.data;
}
