import type { Api } from '../deps.js';
import type { ErrorShape } from './error-body.js';
import { ApiError } from './errors.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof METHODS)[number];

interface Path {
  readonly url: string;
  /** The shape of errors that the path's own methods have. */
  readonly errorShape: ErrorShape;
  readonly methods: Set<string>;
}

/** Makes one key of paths that match the same: `/a/:x` and `/a/:y` are one path; `::` is a literal colon. */
const pathOf = (url: string): string => url.replaceAll(/(?<!:):(?!:)[^/:-]+/g, ':');

/**
 * Watches what is registered on `app` from here on, hidden routes (the document's pages) apart.
 * @returns a function that answers 501 to every other method of those paths
 */
export function answerOtherMethods(app: Api): () => void {
  const paths = new Map<string, Path>();
  app.addHook('onRoute', ({ url, method, schema, config }) => {
    if (schema?.hide === true) return;
    const errorShape = config?.errorShape ?? 'nested';
    const path = paths.get(pathOf(url)) ?? { url, errorShape, methods: new Set<string>() };
    for (const one of [method].flat()) path.methods.add(one);
    paths.set(pathOf(url), path);
  });
  return () => {
    for (const { url, errorShape, methods } of paths.values()) {
      const others = METHODS.filter((method: Method) => !methods.has(method));
      if (others.length > 0) {
        const schema = { hide: true };
        app.route({ method: [...others], url, config: { errorShape }, schema, handler: unimplemented });
      }
    }
  };
}

const unimplemented = async () => {
  throw new ApiError('UNIMPLEMENTED', 'this method is not offered on this path');
};
