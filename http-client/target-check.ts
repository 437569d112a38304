import { isIP } from 'node:net';
import type { AddressGuard } from './address-guard.js';

/** Says why a URL may not receive requests from us. */
export type TargetProblem = 'not-a-url' | 'scheme' | 'userinfo' | 'port' | 'blocked-address';

export type CheckedTarget =
  { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly problem: TargetProblem };

/** Finds all addresses of a host name; rejects when it has none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

const PUBLIC_PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);

/** Whether a URL is https on a port where the public internet serves it. */
export function isPublicOrigin(protocol: string, port: string): boolean {
  return protocol === 'https:' && PUBLIC_PORTS.has(port);
}

/**
 * Checks what the text of a URL tells: form, scheme, user info, port, a literal address. Names are checked when
 * they are resolved, at every connect; an http URL with a name passes here where the operator has a list at all.
 */
export function checkTarget(text: string, guard: AddressGuard): CheckedTarget {
  const url = URL.parse(text);
  if (url === null) return refused('not-a-url');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('scheme');
  if (url.username !== '' || url.password !== '') return refused('userinfo');
  const host = hostOf(url);
  if (isIP(host) !== 0) {
    const problem = connectProblem(url, guard, [host]);
    return problem === null ? { ok: true, url } : refused(problem);
  }
  if (!guard.hasList && !isPublicOrigin(url.protocol, url.port)) return refused(originProblem(url));
  return { ok: true, url };
}

/**
 * Checks a URL at the time when somebody registers it: as `checkTarget` does, and every address that its name has now. A
 * name that does not resolve yet passes, because each connect checks again.
 * @returns null when requests may go there
 */
export async function checkTargetNow(
  text: string,
  guard: AddressGuard,
  resolve: ResolveHost,
): Promise<TargetProblem | null> {
  const checked = checkTarget(text, guard);
  if (!checked.ok) return checked.problem;
  const host = hostOf(checked.url);
  if (isIP(host) !== 0) return null;
  const addresses = await resolve(host).catch(() => []);
  return connectProblem(checked.url, guard, addresses);
}

/** Says why a connection to these addresses is refused; all of them have to pass. */
function connectProblem(url: URL, guard: AddressGuard, addresses: readonly string[]): TargetProblem | null {
  for (const address of addresses) {
    const verdict = guard.judge(address);
    if (verdict === 'blocked') return 'blocked-address';
    if (verdict === 'public' && !isPublicOrigin(url.protocol, url.port)) return originProblem(url);
  }
  return null;
}

function originProblem(url: URL): TargetProblem {
  return url.protocol === 'https:' ? 'port' : 'scheme';
}

/** Takes off the brackets that a URL puts around an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}

function refused(problem: TargetProblem): CheckedTarget {
  return { ok: false, problem };
}
