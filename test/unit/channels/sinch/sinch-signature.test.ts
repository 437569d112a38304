import { describe, expect, it } from 'vitest';
import { createSigner } from '../../../../channels/signer.js';
import { checkSinchSignature } from '../../../../channels/sinch/sinch-signature.js';

const AT = 1_700_000_000;
const body = Buffer.from('{"a":1}');
/** Made by another implementation. */
const VECTOR = {
  'x-sinch-webhook-signature': 'l7MuOHkZAUomVOoNg53fJ3wAQgeY3yOJ/UDpMOAXJP0=',
  'x-sinch-webhook-signature-nonce': 'nonce',
  'x-sinch-webhook-signature-timestamp': String(AT),
  'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
};
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const check = (headers: Headers, secrets = ['secret'], of = body, seconds = AT) =>
  checkSinchSignature({ headers, body: of, nowMs: seconds * 1000 }, secrets);

describe('signature of the Sinch Conversation API', () => {
  it('is valid as published, with and without the header that names the algorithm', () => {
    expect(check(VECTOR)).toBe('valid');
    expect(check({ ...VECTOR, 'x-sinch-webhook-signature-algorithm': undefined })).toBe('valid');
  });

  it('is over the bytes: pretty-printed, escaped, not UTF-8', () => {
    for (const text of ['{\n  "a": 1\n}', '{"a":"\\u00e5"}', '{"a":"å✓"}']) {
      const bytes = Buffer.from(text);
      const signed = createSigner('sé¢ret').sign({ id: 'i', body: bytes, nonce: 'n', nowMs: AT * 1000 });
      expect(check(signed, ['sé¢ret'], bytes)).toBe('valid');
    }
    const latin = Buffer.from('{"a":"å"}', 'latin1');
    expect(
      check(createSigner('s').sign({ id: 'i', body: latin, nonce: 'n', nowMs: AT * 1000 }), ['s'], latin),
    ).toBe('valid');
  });

  it('counts for every secret in force, and for no other', () => {
    expect(check(VECTOR, ['new', 'secret'])).toBe('valid');
    expect(check(VECTOR, ['secret', 'old'])).toBe('valid');
    expect(check(VECTOR, ['new'])).toBe('signature');
    expect(check(VECTOR, [])).toBe('signature');
  });

  it.each([
    ['an altered body', VECTOR, Buffer.from('{"a":2}')],
    ['one byte more', VECTOR, Buffer.from('{"a":1}\n')],
    ['another nonce', { ...VECTOR, 'x-sinch-webhook-signature-nonce': 'ecnon' }, body],
    ['another time', { ...VECTOR, 'x-sinch-webhook-signature-timestamp': String(AT + 1) }, body],
    [
      'no padding',
      { ...VECTOR, 'x-sinch-webhook-signature': VECTOR['x-sinch-webhook-signature'].slice(0, -1) },
      body,
    ],
    ['hex', { ...VECTOR, 'x-sinch-webhook-signature': Buffer.from('x').toString('hex') }, body],
    ['an empty signature', { ...VECTOR, 'x-sinch-webhook-signature': '' }, body],
    ['no signature', { ...VECTOR, 'x-sinch-webhook-signature': undefined }, body],
    ['no nonce', { ...VECTOR, 'x-sinch-webhook-signature-nonce': undefined }, body],
    ['an empty nonce', { ...VECTOR, 'x-sinch-webhook-signature-nonce': '' }, body],
    ['no time', { ...VECTOR, 'x-sinch-webhook-signature-timestamp': undefined }, body],
    ['another algorithm', { ...VECTOR, 'x-sinch-webhook-signature-algorithm': 'HmacSHA1' }, body],
    ['a header that came as a list', { ...VECTOR, 'x-sinch-webhook-signature-nonce': ['nonce'] }, body],
  ])('is refused with %s', (_name, headers, of) => {
    expect(check(headers, ['secret'], of)).toBe('signature');
  });

  it('is refused with a time that is no Unix time, whoever signed it', () => {
    const signed = createSigner('secret').sign({ id: 'i', body, nonce: 'n', nowMs: Number.NaN });
    expect(check(signed)).toBe('signature');
  });

  it.each([
    [-301, 'stale'],
    [-300, 'valid'],
    [300, 'valid'],
    [301, 'stale'],
  ])('is %s seconds old: %s', (age, verdict) => {
    expect(check(VECTOR, ['secret'], body, AT + age)).toBe(verdict);
  });

  it('tells only those who can sign that it is stale', () => {
    expect(check(VECTOR, ['other'], body, AT + 900)).toBe('signature');
  });
});
