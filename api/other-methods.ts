import type { Api } from './deps.js';
import { ApiError } from './errors.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof METHODS)[number];

/** `/a/:x` and `/a/:y` are one path; `::` is a literal colon. */
const pathOf = (url: string): string => url.replaceAll(/(?<!:):(?!:)[^/:-]+/g, ':');

/**
 * Watches what is registered on `app` from here on, hidden routes (the document's pages) apart.
 * @returns answers 501 to every other method of those paths
 */
export function answerOtherMethods(app: Api): () => void {
  const paths = new Map<string, { readonly url: string; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method, schema }) => {
    if (schema?.hide === true) return;
    const path = paths.get(pathOf(url)) ?? { url, methods: new Set<string>() };
    for (const one of [method].flat()) path.methods.add(one);
    paths.set(pathOf(url), path);
  });
  return () => {
    for (const { url, methods } of paths.values()) {
      const others = METHODS.filter((method: Method) => !methods.has(method));
      if (others.length > 0) {
        app.route({ method: [...others], url, schema: { hide: true }, handler: unimplemented });
      }
    }
  };
}

const unimplemented = async () => {
  throw new ApiError('UNIMPLEMENTED', 'this method is not offered on this path');
};
