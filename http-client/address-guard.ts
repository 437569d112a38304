import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { BLOCKED_RANGES } from './blocked-ranges.js';

type Cidr = ReturnType<typeof ipaddr.parseCIDR>;

/** A `listed` address is one that the operator allowed, with http and any port; a `public` one gets https on ports 443 and 8443 only. */
export type AddressVerdict = 'listed' | 'public' | 'blocked';

/** Decides which addresses may get requests from us, so that no webhook reaches into the operator's network. */
export interface AddressGuard {
  /** @param address an IP address in text form; anything else is blocked */
  judge(address: string): AddressVerdict;
  /** Whether the operator's list has entries at all. */
  readonly hasList: boolean;
}

const BLOCKED: readonly Cidr[] = BLOCKED_RANGES.map(({ cidr }) => ipaddr.parseCIDR(cidr));

/**
 * @param allowed ranges of `CALLBACK_ALLOW_CIDRS`, e.g. `127.0.0.0/8`; a listed address is never blocked
 * @throws RangeError naming an entry that is not a range
 */
export function createAddressGuard(allowed: readonly string[]): AddressGuard {
  const listed = allowed.map(parseRange);
  return {
    hasList: listed.length > 0,
    judge: (address) => {
      if (isIP(address) === 0) return 'blocked';
      const parsed = ipaddr.parse(address);
      if (isWithin(parsed, listed)) return 'listed';
      // The table is the contract; the library's own ranges are a second net below it.
      return isWithin(parsed, BLOCKED) || parsed.range() !== 'unicast' ? 'blocked' : 'public';
    },
  };
}

function parseRange(text: string): Cidr {
  try {
    return ipaddr.parseCIDR(text);
  } catch {
    throw new RangeError(`not a range of addresses: ${text}`);
  }
}

function isWithin(address: Cidr[0], ranges: readonly Cidr[]): boolean {
  return ranges.some((range) => range[0].kind() === address.kind() && address.match(range));
}
