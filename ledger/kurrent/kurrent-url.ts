import { LedgerUrlInvalid } from '../errors.js';

/** The credentials that an append is signed in with; a server without TLS ignores them. */
export interface KurrentCredentials {
  readonly username: string;
  readonly password: string;
}

/** What a URL of a ledger server says. */
export interface KurrentUrl {
  /** As the client understands it: the vendor's newer scheme, `kurrentdb`, is spelled `esdb` there. */
  readonly forClient: string;
  readonly credentials: KurrentCredentials;
  /** `host:port` of every node that is named; the port may be left out. */
  readonly hosts: readonly string[];
  readonly tls: boolean;
}

const SCHEME = /^(?:esdb|kurrentdb|kurrent|kdb)(?<discover>\+discover)?:\/\//u;
const REST = /^(?:(?<user>[^:@/?]+)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^@/?]+)(?<query>[^@]*)$/u;

/** Whether a URL names a ledger server, by its scheme. */
export function isServerUrl(url: string): boolean {
  return SCHEME.test(url);
}

/**
 * Takes a URL such as `esdb://user:password@host:2113` or `kurrentdb+discover://…` apart. Without user and password a
 * server without TLS gets a name that it ignores: the client sends single appends only where credentials are given.
 * @throws LedgerUrlInvalid, which never quotes the URL: it holds a password
 */
export function readKurrentUrl(url: string): KurrentUrl {
  const scheme = SCHEME.exec(url);
  const parts = scheme === null ? undefined : REST.exec(url.slice(scheme[0].length))?.groups;
  if (scheme === null || parts === undefined) {
    throw new LedgerUrlInvalid(
      'expected esdb://[user:password@]host:port[?tls=false], kurrentdb://… or either with +discover',
    );
  }
  const tls = !/[?&]tls=false(?:&|$)/iu.test(url);
  return {
    forClient: `esdb${scheme.groups?.['discover'] ?? ''}://${url.slice(scheme[0].length)}`,
    credentials: credentialsOf(parts['user'], parts['password'], tls),
    hosts: (parts['hosts'] ?? '').split(','),
    tls,
  };
}

function credentialsOf(
  user: string | undefined,
  password: string | undefined,
  tls: boolean,
): KurrentCredentials {
  if (user !== undefined && password !== undefined && password !== '') {
    return { username: decoded(user), password: decoded(password) };
  }
  if (tls) {
    throw new LedgerUrlInvalid(
      'a server with TLS needs user:password@ in the URL (or tls=false, on a trusted network)',
    );
  }
  return { username: 'optledger', password: 'none' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new LedgerUrlInvalid('user or password has a % that begins no escape: write it as %25');
  }
}
