import { z } from 'zod';

const paths = z.union([z.string(), z.array(z.string())]);

/** Query of a PATCH: clients send `update_mask=a,b`, or one `update_mask.paths` for each path. */
export const maskQuery = z.object({
  update_mask: paths.optional().describe('fields to change, joined by commas'),
  'update_mask.paths': paths.optional().describe('fields to change, one at a time'),
});

/** Old Python clients send the mask in the body. */
export const bodyMask = z.union([paths, z.object({ paths })]).nullish();

type MaskQuery = z.infer<typeof maskQuery>;
type BodyMask = z.infer<typeof bodyMask>;

const split = (given: string | readonly string[] | undefined): readonly string[] =>
  [given ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .map((path) => path.trim())
    .filter((path) => path !== '');

/** All paths of a mask in whatever spelling; undefined without one, or for `*`: the keys that are present count. */
export function maskOf(query: MaskQuery, body: BodyMask): readonly string[] | undefined {
  const inBody = typeof body === 'string' || Array.isArray(body) ? body : body?.paths;
  const all = [...split(query.update_mask), ...split(query['update_mask.paths']), ...split(inBody)];
  return all.length === 0 || all.includes('*') ? undefined : all;
}
