/** A range that no request of ours may reach, and the text that sets it apart. */
export interface BlockedRange {
  readonly cidr: string;
  readonly why: string;
}

/** These are the special-purpose addresses: none of them is somebody's server on the public internet. */
export const BLOCKED_RANGES: readonly BlockedRange[] = [
  { cidr: '0.0.0.0/8', why: 'this network, RFC 791' },
  { cidr: '10.0.0.0/8', why: 'private, RFC 1918' },
  { cidr: '100.64.0.0/10', why: 'carrier-grade NAT, RFC 6598' },
  { cidr: '127.0.0.0/8', why: 'loopback, RFC 1122' },
  {
    cidr: '168.63.129.16/32',
    why: 'host agent of virtual machines at Azure; unicast, so it needs its own row',
  },
  { cidr: '169.254.0.0/16', why: 'link-local, cloud metadata, RFC 3927' },
  { cidr: '172.16.0.0/12', why: 'private, RFC 1918' },
  { cidr: '192.0.0.0/24', why: 'protocol assignments, RFC 6890' },
  { cidr: '192.0.2.0/24', why: 'TEST-NET-1, RFC 5737' },
  { cidr: '192.88.99.0/24', why: '6to4 relay, RFC 7526' },
  { cidr: '192.168.0.0/16', why: 'private, RFC 1918' },
  { cidr: '198.18.0.0/15', why: 'benchmarking, RFC 2544' },
  { cidr: '198.51.100.0/24', why: 'TEST-NET-2, RFC 5737' },
  { cidr: '203.0.113.0/24', why: 'TEST-NET-3, RFC 5737' },
  { cidr: '224.0.0.0/4', why: 'multicast, RFC 5771' },
  { cidr: '240.0.0.0/4', why: 'reserved, RFC 1112; holds the broadcast address, RFC 8190' },
  { cidr: '::/128', why: 'unspecified, RFC 4291' },
  { cidr: '::1/128', why: 'loopback, RFC 4291' },
  { cidr: '::/96', why: 'IPv4-compatible, RFC 4291' },
  { cidr: '::ffff:0:0/96', why: 'IPv4-mapped, RFC 4291' },
  { cidr: '::ffff:0:0:0/96', why: 'IPv4-translated, RFC 7915' },
  { cidr: '64:ff9b::/96', why: 'NAT64, RFC 6052' },
  { cidr: '64:ff9b:1::/48', why: 'local NAT64, RFC 8215' },
  { cidr: '100::/64', why: 'discard, RFC 6666' },
  { cidr: '2001::/32', why: 'Teredo, RFC 4380' },
  { cidr: '2001:db8::/32', why: 'documentation, RFC 3849' },
  { cidr: '2002::/16', why: '6to4, RFC 3056' },
  { cidr: '3fff::/20', why: 'documentation, RFC 9637' },
  { cidr: '5f00::/16', why: 'segment routing, RFC 9602' },
  { cidr: 'fc00::/7', why: 'unique local, RFC 4193' },
  { cidr: 'fe80::/10', why: 'link-local, RFC 4291' },
  { cidr: 'fec0::/10', why: 'site-local, RFC 3879' },
  { cidr: 'ff00::/8', why: 'multicast, RFC 4291' },
];
