import { describe, expect, it } from 'vitest';
import {
  isSignedByTwilio,
  signTwilioRequest,
  type FormPairs,
} from '../../../../channels/twilio/twilio-signature.js';

// Examples of the Twilio docs ("Validating requests") and of the documentation of Twilio's own libraries.
const URL = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const PUBLISHED: readonly [phone: string, signature: string][] = [
  ['+14158675309', 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  ['+14158675310', 'GvWf1cFY/Q7PnoempGyD5oXAezc='],
  ['+12349013030', '0/KCTR6DLpKmkAf8muzZqo1nDgQ='],
];
const TOKEN = '12345';
const call = (phone: string): FormPairs => [
  ['To', '+18005551212'],
  ['From', phone],
  ['Digits', '1234'],
  ['Caller', phone],
  ['CallSid', 'CA1234567890ABCDE'],
];
const params = call('+14158675309');
const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
const right = (url: string, given: string | undefined, tokens = [TOKEN], form = params): boolean =>
  isSignedByTwilio(tokens, { url, params: form }, given);

describe('signTwilioRequest', () => {
  it.each(PUBLISHED)('of the published request from %s is %s', (phone, expected) => {
    expect(signTwilioRequest(TOKEN, { url: URL, params: call(phone) })).toBe(expected);
    expect(right(URL, expected, [TOKEN], call(phone))).toBe(true);
  });

  it('sorts by the bytes of the name, capitals first, and keeps an empty value', () => {
    const one = signTwilioRequest(TOKEN, {
      url: 'https://a/',
      params: [
        ['b', '1'],
        ['A', ''],
        ['B', '2'],
      ],
    });
    expect(one).toBe(signTwilioRequest(TOKEN, { url: 'https://a/AB2b1', params: [] }));
  });

  it('takes each value of a repeated name once, sorted', () => {
    const repeated: FormPairs = [
      ['M', 'b'],
      ['M', 'a'],
      ['M', 'b'],
    ];
    const one = signTwilioRequest(TOKEN, { url: 'https://a/', params: repeated });
    expect(one).toBe(signTwilioRequest(TOKEN, { url: 'https://a/MaMb', params: [] }));
  });
});

describe('isSignedByTwilio', () => {
  it.each([
    ['a missing signature', undefined],
    ['an empty one', ''],
    ['one of another length', `${signature}=`],
    ['one with another letter', `S${signature.slice(1)}`],
  ])('refuses %s', (_, given) => {
    expect(right(URL, given)).toBe(false);
  });

  it('refuses another URL, another query, another value, one parameter more, another token and none', () => {
    expect(right('https://mycompany.com/myapp.php?foo=1&bar=3', signature)).toBe(false);
    expect(right('https://mycompany.org/myapp.php?foo=1&bar=2', signature)).toBe(false);
    expect(right('http://mycompany.com/myapp.php?foo=1&bar=2', signature)).toBe(false);
    expect(right(URL, signature, [TOKEN], [...params, ['New', '']])).toBe(false);
    expect(right(URL, signature, [TOKEN], call('+14158675310'))).toBe(false);
    expect(right(URL, signature, ['12346'])).toBe(false);
    expect(right(URL, signature, [])).toBe(false);
  });

  it('accepts the previous token beside the one in force', () => {
    expect(right(URL, signature, ['the new one', TOKEN])).toBe(true);
    expect(right(URL, signature, [TOKEN, 'the old one'])).toBe(true);
  });

  it.each([
    ['https://a.example/x?y=1', 'https://a.example:443/x?y=1'],
    ['https://a.example:8443/x', 'https://a.example/x'],
    ['https://a.example:8443/x', 'https://a.example:8443/x'],
    ['http://a.example/x', 'http://a.example:80/x'],
    ['HTTP://a.example', 'HTTP://a.example:80'],
    ['http://[::1]:8080/x:9', 'http://[::1]/x:9'],
    ['https://u:p@a.example/x', 'https://u:p@a.example:443/x'],
  ])('at %s takes what is signed for %s', (configured, signed) => {
    expect(right(configured, signTwilioRequest(TOKEN, { url: signed, params }))).toBe(true);
  });

  it.each([
    ["?src=O'Brien", '?src=O%27Brien'],
    ['?src=sip:a@b', '?src=sip%3Aa%40b'],
    ['?src=sip%3Aa@b', '?src=sip%3Aa%40b'],
    ["?a=it's&b=x:y", '?a=it%27s&b=x%3ay'],
    ['?list=(a,b);c*!', '?list=%28a%2Cb%29%3Bc%2A%21'],
    ['?src=sip%3Aa%40b', '?src=sip%3Aa%40b'],
  ])('takes what was configured as %s and called as %s', (configured, called) => {
    const base = 'https://hooks.example.test/in';
    const params = [['Body', 'STOP']] as const;
    const signature = signTwilioRequest('token', { url: base + configured, params });
    expect(isSignedByTwilio(['token'], { url: base + called, params }, signature)).toBe(true);
    expect(isSignedByTwilio(['token'], { url: `${base}${called}x`, params }, signature)).toBe(false);
  });

  it('takes no other port, and any URL as it is where it has no host', () => {
    const other = signTwilioRequest(TOKEN, { url: 'https://a.example:444/x', params });
    expect(right('https://a.example/x', other)).toBe(false);
    expect(right('/x', signTwilioRequest(TOKEN, { url: '/x', params }))).toBe(true);
  });
});
