import { describe, expect, it } from 'vitest';
import { LedgerUrlInvalid } from '../../../../ledger/errors.js';
import { readKurrentUrl } from '../../../../ledger/kurrent/kurrent-url.js';

describe('the URL of a ledger server', () => {
  it.each([
    ['esdb://ann:s3cret@host:2113', { username: 'ann', password: 's3cret' }],
    ['esdb://ann:a%40b%3A@host:2113?tls=true', { username: 'ann', password: 'a@b:' }],
    ['esdb+discover://ann:x@one:2113,two:2113', { username: 'ann', password: 'x' }],
    ['esdb://localhost:2113?tls=false', { username: 'optledger', password: 'none' }],
    ['esdb://host:2113?keepAliveInterval=10000&Tls=false', { username: 'optledger', password: 'none' }],
  ])('%s', (url, credentials) => {
    expect(readKurrentUrl(url).credentials).toEqual(credentials);
  });

  it.each([
    ['kurrentdb://ann:s3cret@host:2113', 'esdb://ann:s3cret@host:2113'],
    ['kurrentdb+discover://ann:x@one:2113,two?tls=true', 'esdb+discover://ann:x@one:2113,two?tls=true'],
    ['esdb+discover://ann:x@one:2113', 'esdb+discover://ann:x@one:2113'],
  ])("%s is the client's %s", (url, forClient) => {
    expect(readKurrentUrl(url)).toMatchObject({ forClient, credentials: { username: 'ann' } });
  });

  it('names its hosts, and whether they speak TLS', () => {
    expect(readKurrentUrl('kurrentdb+discover://ann:x@one:2113,two')).toMatchObject({
      hosts: ['one:2113', 'two'],
      tls: true,
    });
    expect(readKurrentUrl('esdb://one:2113?tls=false')).toMatchObject({ hosts: ['one:2113'], tls: false });
  });

  it.each([
    'esdb://host:2113',
    'esdb://ann@host:2113',
    'esdb://ann:@host:2113',
    'esdb://host:2113?tls=falsey',
    'kurrentdb:ann:s3cret@host:2113',
    'esdb://ann:s3%cret@host:2113',
    'http://ann:s3cret@host:2113',
    'esdb://',
  ])('refuses %s, and quotes nothing of it', (url) => {
    expect(() => readKurrentUrl(url)).toThrow(LedgerUrlInvalid);
    expect(() => readKurrentUrl(url)).not.toThrow(/ann|s3cret|host:2113\?/u);
  });
});
