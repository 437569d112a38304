/** Stand in every bad request that has room for them; no answer and no line of the instance may show them. */
export const MARKED_PHONE = '46799999901';
export const MARKED_TEXT = 'a-marked-text';

/** Parts of a path that are known only once the instance runs. */
export const WEBHOOK = '{webhook}';
/** A page token of the list OPT_OUT_MARKETING. */
export const FOREIGN_TOKEN = '{token}';
/** An access token of the instance. */
export const BEARER = '{bearer}';

/** How the error looks: nested on the Conversation API's paths, flat on the Batch API's, RFC 6749 for tokens. */
export type Shape = 'nested' | 'flat' | 'oauth';

/** One request that must be refused, and how. */
export interface BadInput {
  readonly name: string;
  readonly method: string;
  /** After the project; from the host on where it begins with `//`. */
  readonly path: string;
  /** A text is sent as it is. */
  readonly body?: unknown;
  /** `content-type` is JSON where there is a body, unless told; an empty text leaves the header out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** 400 unless told. */
  readonly code?: number;
  /** gRPC status name; INVALID_ARGUMENT unless told. */
  readonly status?: string;
  readonly shape?: Shape;
  /** Stands in the message of the error. */
  readonly names: string;
}

type More = Partial<Omit<BadInput, 'name' | 'path' | 'names'>>;

/** Cases of one route under one name. */
export type Cases = (name: string, change: object, names: string, more?: More) => BadInput;

/** A request of one route that would be taken, changed in one thing at a time. */
export function casesOf(method: string, path: string, good: object, common: More = {}): Cases {
  return (name, change, names, more = {}) => ({
    name: `${method} ${path}: ${name}`,
    method,
    path,
    body: { ...good, ...change },
    names,
    ...common,
    ...more,
  });
}

/** A request without a body. */
export const bare = (method: string, path: string, names: string, more: More = {}): BadInput => ({
  name: `${method} ${path}${more.headers === undefined ? '' : ` ${JSON.stringify(more.headers)}`}`.slice(
    0,
    160,
  ),
  method,
  path,
  names,
  ...more,
});

export const NOT_FOUND: More = { code: 404, status: 'NOT_FOUND' };
export const FORBIDDEN: More = { code: 403, status: 'PERMISSION_DENIED' };
export const UNAUTHENTICATED: More = { code: 401, status: 'UNAUTHENTICATED' };
export const UNIMPLEMENTED: More = { code: 501, status: 'UNIMPLEMENTED' };

/** A text of so many characters that would be seen in an answer. */
export const long = (length: number): string => 'x'.repeat(length);
