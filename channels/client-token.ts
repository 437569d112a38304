import type { Clock } from '../domain/clock.js';
import type { HttpAnswer, HttpSender } from '../http-client/http-sender.js';

/** OAuth2 client credentials (RFC 6749 §4.4) of a receiver or a provider, opened. */
export interface OpenCredentials {
  readonly endpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  readonly responseType?: string;
  readonly requestType: 'BASIC' | 'FORM';
}

/** `answer`: what the token endpoint said instead. */
export type TokenAnswer =
  { readonly ok: true; readonly token: string } | { readonly ok: false; readonly answer: HttpAnswer };

/** Gets access tokens and caches them; one request at a time asks for each. Some receivers want them, and Sinch's own API. */
export interface TokenSource {
  /** Gives the cached token, or a new one. @param timeoutMs for the call to the token endpoint */
  get(credentials: OpenCredentials, timeoutMs: number): Promise<TokenAnswer>;
  /** Forgets this token, if it is still the cached one: the other side refused it. */
  drop(credentials: OpenCredentials, token: string): void;
}

const SHORTEST_S = 30;
const LONGEST_S = 3600;
const MOST_TOKENS = 1_000;
/** Tokens are opaque printable text (RFC 6750 §2.1). */
const TOKEN = /^[\x21-\x7e]{1,8192}$/u;

export interface TokenSourceDeps {
  readonly http: HttpSender;
  readonly clock: Clock;
  /** A token that ends within this is not used any more, if that leaves it half its life; 0 unless told. */
  readonly renewBeforeMs?: number;
}

interface Cached {
  readonly token: string;
  readonly untilMs: number;
}

export function createTokenSource({ http, clock, renewBeforeMs = 0 }: TokenSourceDeps): TokenSource {
  const cache = new Map<string, Cached>();
  const asking = new Map<string, Promise<TokenAnswer>>();

  async function ask(key: string, credentials: OpenCredentials, timeoutMs: number): Promise<TokenAnswer> {
    const answer = await http.post({ ...requestOf(credentials), timeoutMs });
    const granted = readToken(answer);
    if (granted === null) return { ok: false, answer };
    if (cache.size >= MOST_TOKENS) cache.clear();
    const lifeMs = granted.lifeS * 1000;
    cache.set(key, {
      token: granted.token,
      untilMs: clock.now() + lifeMs - Math.min(renewBeforeMs, lifeMs / 2),
    });
    return { ok: true, token: granted.token };
  }

  return {
    get(credentials, timeoutMs) {
      const key = keyOf(credentials);
      const cached = cache.get(key);
      if (cached !== undefined && clock.now() < cached.untilMs) {
        return Promise.resolve({ ok: true, token: cached.token });
      }
      const underWay = asking.get(key);
      if (underWay !== undefined) return underWay;
      const answer = ask(key, credentials, timeoutMs).finally(() => asking.delete(key));
      asking.set(key, answer);
      return answer;
    },
    drop(credentials, token) {
      const key = keyOf(credentials);
      if (cache.get(key)?.token === token) cache.delete(key);
    },
  };
}

/** Makes a key of everything that tells two sets of credentials apart. */
function keyOf(credentials: OpenCredentials): string {
  return JSON.stringify(Object.values(credentials));
}

function requestOf(credentials: OpenCredentials): {
  url: string;
  headers: Record<string, string>;
  body: string;
} {
  const { endpoint, clientId, clientSecret, scope, responseType, requestType } = credentials;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (responseType !== undefined) form.set('response_type', responseType);
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  if (requestType === 'FORM') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  } else {
    const basic = `${encodeForm(clientId)}:${encodeForm(clientSecret)}`;
    headers['authorization'] = `Basic ${Buffer.from(basic).toString('base64')}`;
  }
  return { url: endpoint, headers, body: form.toString() };
}

/** RFC 6749 §2.3.1 wants the form encoding inside Basic. */
function encodeForm(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}

/** Reads the token; null when there is none in the answer. A missing or strange life counts as the shortest allowed. */
function readToken(answer: HttpAnswer): { readonly token: string; readonly lifeS: number } | null {
  if (answer.status === null || answer.status < 200 || answer.status > 299 || answer.truncated) return null;
  const body = parseObject(answer.excerpt);
  const token = body?.['access_token'];
  if (typeof token !== 'string' || !TOKEN.test(token)) return null;
  const life = Number(body?.['expires_in']);
  return {
    token,
    lifeS: Number.isFinite(life) ? Math.min(LONGEST_S, Math.max(SHORTEST_S, life)) : SHORTEST_S,
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
}
