import { LedgerUrlInvalid } from '../errors.js';

/** What an append is signed in with; a server without TLS ignores it. */
export interface KurrentCredentials {
  readonly username: string;
  readonly password: string;
}

const URL_FORM = /^esdb(?:\+discover)?:\/\/(?:(?<user>[^:@/?]+)(?::(?<password>[^@/?]*))?@)?[^@]+$/u;

/**
 * User and password of an `esdb://` or `esdb+discover://` URL. Without them a server without TLS gets a name that it
 * ignores: the client sends single appends only where credentials are given for the call.
 * @throws LedgerUrlInvalid, which never quotes the URL: it holds a password
 */
export function credentialsOf(url: string): KurrentCredentials {
  const parts = URL_FORM.exec(url)?.groups;
  if (parts === undefined) {
    throw new LedgerUrlInvalid('expected esdb://[user:password@]host:port[?tls=false] or esdb+discover://…');
  }
  const { user, password } = parts;
  if (user !== undefined && password !== undefined && password !== '') {
    return { username: decodeURIComponent(user), password: decodeURIComponent(password) };
  }
  if (!/[?&]tls=false(?:&|$)/iu.test(url)) {
    throw new LedgerUrlInvalid(
      'a server with TLS needs user:password@ in the URL (or tls=false, on a trusted network)',
    );
  }
  return { username: 'optledger', password: 'none' };
}
