import { isLoopback } from '../../config.js';
import { fault, ok, warning, type Finding } from '../finding.js';

/** @param code of the error that listening gave; undefined where it worked */
export function judgePort(host: string, port: number | undefined, code: string | undefined): Finding {
  const check = 'port';
  const where = port === undefined ? `a free port of ${host}` : `${host}, port ${String(port)}`;
  switch (code) {
    case undefined:
      return ok(check, `${where} can be used`);
    case 'EADDRINUSE':
      return fault(
        check,
        `${where} is taken by another program`,
        'stop that program, or set PORT to another one',
      );
    case 'EACCES':
      return fault(
        check,
        `this user may not listen at ${where}`,
        'set PORT to 1024 or more, and let a proxy take the low one',
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return fault(
        check,
        `HOST ${host} is no address of this machine`,
        'set HOST to 127.0.0.1, 0.0.0.0 or an address that `ip addr` shows',
      );
    default:
      return fault(
        check,
        `listening at ${where} fails (${code})`,
        'set HOST and PORT to where this machine can listen',
      );
  }
}

export function judgeHost(host: string, publicUrl: string | undefined): Finding {
  if (isLoopback(host)) return ok('host', `HOST ${host}: only this machine can connect`);
  if (publicUrl !== undefined) return ok('host', `HOST ${host}, called by others ${publicUrl}`);
  return warning(
    'host',
    `HOST ${host} lets others connect, but PUBLIC_URL is not set`,
    'set PUBLIC_URL to the https address that others call this instance by, e.g. https://consent.example.com',
  );
}

/** What `GET PUBLIC_URL/health/live` came to; null where nobody was to be asked. */
export type PublicAnswer = 'live' | 'not-ours' | 'no-answer' | 'no-such-host' | null;

export function judgePublicUrl(publicUrl: string | undefined, answer: PublicAnswer): Finding[] {
  if (publicUrl === undefined) return [];
  const check = 'public-url';
  const url = new URL(publicUrl);
  const insecure = url.protocol === 'http:' && !isLoopback(url.hostname);
  const form = insecure
    ? [
        warning(
          check,
          'PUBLIC_URL is http: secrets and texts cross the network in clear',
          'let a proxy speak https for it',
        ),
      ]
    : [];
  switch (answer) {
    case 'live':
      return [...form, ok(check, `PUBLIC_URL answers`)];
    case 'no-such-host':
      return [
        ...form,
        fault(
          check,
          `the host of PUBLIC_URL does not resolve`,
          `add a DNS record for ${url.hostname}, or correct PUBLIC_URL`,
        ),
      ];
    case 'not-ours':
      return [
        ...form,
        fault(
          check,
          'something else answers at PUBLIC_URL',
          'let the proxy pass all paths on to HOST and PORT unchanged',
        ),
      ];
    case 'no-answer':
      return [
        ...form,
        fault(
          check,
          'nothing answers at PUBLIC_URL',
          `let the proxy pass it on to HOST and PORT; from outside: curl ${publicUrl}/health/live`,
        ),
      ];
    case null:
      return [...form, ok(check, 'PUBLIC_URL is well formed; it is asked once an instance runs')];
  }
}
