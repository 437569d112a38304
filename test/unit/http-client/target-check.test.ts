import { describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../../http-client/address-guard.js';
import { checkTarget, checkTargetNow } from '../../../http-client/target-check.js';

const strict = createAddressGuard([]);
const local = createAddressGuard(['127.0.0.0/8', '::1/128']);
const problemOf = (url: string, guard = strict): string | null => {
  const checked = checkTarget(url, guard);
  return checked.ok ? null : checked.problem;
};

describe('target check', () => {
  it.each([
    ['https://example.com/hook', null],
    ['https://example.com:8443/hook?a=b', null],
    ['https://8.8.8.8/hook', null],
    ['https://[2606:4700::1111]/hook', null],
    ['', 'not-a-url'],
    ['example.com/hook', 'not-a-url'],
    ['https://', 'not-a-url'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['http://example.com/', 'scheme'],
    ['http://8.8.8.8/', 'scheme'],
    ['https://example.com:8080/', 'port'],
    ['https://8.8.8.8:22/', 'port'],
    ['https://user@example.com/', 'userinfo'],
    ['https://user:secret@example.com/', 'userinfo'],
    ['https://127.0.0.1/', 'blocked-address'],
    ['https://127.1/', 'blocked-address'],
    ['https://2130706433/', 'blocked-address'],
    ['https://0x7f.1/', 'blocked-address'],
    ['https://0177.0.0.1/', 'blocked-address'],
    ['https://0.0.0.0/', 'blocked-address'],
    ['https://[::1]/', 'blocked-address'],
    ['https://[::ffff:127.0.0.1]/', 'blocked-address'],
    ['https://[::127.0.0.1]/', 'blocked-address'],
    ['https://169.254.169.254/latest/meta-data', 'blocked-address'],
    ['http://127.0.0.1/', 'blocked-address'],
  ])('%s → %s', (url, problem) => {
    expect(problemOf(url)).toBe(problem);
  });

  it.each([
    ['http://127.0.0.1:3000/hook', null],
    ['http://[::1]:3000/hook', null],
    ['http://localhost:3000/hook', null],
    ['http://8.8.8.8/', 'scheme'],
    ['https://8.8.8.8:3000/', 'port'],
    ['http://10.0.0.1/', 'blocked-address'],
    ['http://user@127.0.0.1/', 'userinfo'],
    ['ftp://127.0.0.1/', 'scheme'],
  ])('with loopback listed: %s → %s', (url, problem) => {
    expect(problemOf(url, local)).toBe(problem);
  });
});

describe('target check at registration', () => {
  const resolveTo =
    (...addresses: string[]) =>
    () =>
      Promise.resolve(addresses);
  const unknown = (): Promise<never> => Promise.reject(new Error('ENOTFOUND'));

  it.each([
    ['https://a.example/', strict, resolveTo('8.8.8.8', '2606:4700::1'), null],
    ['https://a.example/', strict, resolveTo('8.8.8.8', '10.0.0.1'), 'blocked-address'],
    ['https://a.example/', strict, unknown, null],
    ['https://a.example:99/', strict, unknown, 'port'],
    ['http://localhost:3000/', local, resolveTo('127.0.0.1', '::1'), null],
    ['http://localhost:3000/', local, resolveTo('127.0.0.1', '8.8.8.8'), 'scheme'],
    ['https://b.example:3000/', local, resolveTo('8.8.8.8'), 'port'],
    ['https://127.0.0.1/', local, unknown, null],
    ['https://127.0.0.1/', strict, unknown, 'blocked-address'],
  ])('%s', async (url, guard, resolve, problem) => {
    expect(await checkTargetNow(url, guard, resolve)).toBe(problem);
  });
});
