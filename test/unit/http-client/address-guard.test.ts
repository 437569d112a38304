import { describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../../http-client/address-guard.js';
import { BLOCKED_RANGES } from '../../../http-client/blocked-ranges.js';

const guard = createAddressGuard([]);

/** First, last and neighbouring addresses of each range that has a public neighbour. */
const EDGES: readonly (readonly [blocked: string, neighbour: string | null])[] = [
  ['0.255.255.255', '1.0.0.0'],
  ['10.0.0.0', '9.255.255.255'],
  ['10.255.255.255', '11.0.0.0'],
  ['100.64.0.0', '100.63.255.255'],
  ['100.127.255.255', '100.128.0.0'],
  ['127.0.0.1', '126.255.255.255'],
  ['127.255.255.255', '128.0.0.0'],
  ['168.63.129.16', '168.63.129.17'],
  ['169.254.169.254', '169.253.255.255'],
  ['172.16.0.0', '172.15.255.255'],
  ['172.31.255.255', '172.32.0.0'],
  ['192.0.0.255', '192.0.1.0'],
  ['192.0.2.1', '192.0.3.0'],
  ['192.88.99.1', '192.88.100.0'],
  ['192.168.255.255', '192.169.0.0'],
  ['198.18.0.0', '198.17.255.255'],
  ['198.19.255.255', '198.20.0.0'],
  ['198.51.100.7', '198.51.101.0'],
  ['203.0.113.7', '203.0.114.0'],
  ['224.0.0.1', '223.255.255.255'],
  ['240.0.0.1', null],
  ['255.255.255.255', null],
  ['::', null],
  ['::1', null],
  ['::7f00:1', null],
  ['::ffff:127.0.0.1', null],
  ['::ffff:8.8.8.8', null],
  ['::ffff:0:7f00:1', null],
  ['64:ff9b::a00:1', null],
  ['64:ff9b:1::1', null],
  ['100::1', null],
  ['2001::1', null],
  ['2001:db8::1', '2001:db9::1'],
  ['2002:a00:1::', '2003::1'],
  ['3fff:fff::1', '3ffe::1'],
  ['5f00::1', null],
  ['fc00::1', null],
  ['fdff::1', null],
  ['fe80::1', null],
  ['fe80::1%eth0', null],
  ['fec0::1', null],
  ['ff02::1', null],
];

describe('address guard', () => {
  it.each(EDGES)('blocks %s', (blocked) => {
    expect(guard.judge(blocked)).toBe('blocked');
  });

  it.each(EDGES.flatMap(([, neighbour]) => (neighbour === null ? [] : [neighbour])))(
    'passes %s',
    (address) => {
      expect(guard.judge(address)).toBe('public');
    },
  );

  it('has an address of every range in this test', () => {
    const covered = BLOCKED_RANGES.filter(({ cidr }) => {
      const only = createAddressGuard([cidr]);
      return EDGES.some(([blocked]) => only.judge(blocked) === 'listed');
    });
    expect(covered).toEqual(BLOCKED_RANGES);
  });

  it.each(['', 'localhost', '127.1', '0x7f.0.0.1', '1.2.3.4.5', 'fe80::/10'])(
    'blocks what is no address: %j',
    (text) => {
      expect(guard.judge(text)).toBe('blocked');
    },
  );

  it('passes what the operator lists, and nothing beside it', () => {
    const listing = createAddressGuard(['127.0.0.0/8', 'fd00::/8']);
    expect(listing.judge('127.0.0.1')).toBe('listed');
    expect(listing.judge('fd00::5')).toBe('listed');
    expect(listing.judge('::1')).toBe('blocked');
    // The same machine by another name is not what was listed.
    expect(listing.judge('::ffff:127.0.0.1')).toBe('blocked');
    expect(listing.judge('8.8.8.8')).toBe('public');
    expect(listing.hasList).toBe(true);
    expect(guard.hasList).toBe(false);
  });

  it.each(['', '127.0.0.1', '10.0.0.0/33', 'localhost/8'])('refuses %j as a range', (text) => {
    expect(() => createAddressGuard([text])).toThrow(RangeError);
  });
});
