import { describe, expect, it } from 'vitest';
import { UnsealFailed } from '../../../../ledger/errors.js';
import { openRootKey } from '../../../../ledger/keys/root-key.js';

const key = openRootKey(Buffer.alloc(32, 1));
const otherKey = openRootKey(Buffer.alloc(32, 2));

describe('root key', () => {
  // Frozen: with other values every contact would be unknown, hence not opted out.
  it('derives what it always derived', () => {
    expect(key.contactId('p', 'a', { channel: 'SMS', identity: '46700000001' })).toBe(
      'cf1083eaf0588405066c5a0dec576671cd2297e5',
    );
    expect(key.textHmac('STOP')).toBe('11929dadab85093706c141c24f0b7b679b209340719cd071a940f41d4bc00784');
    expect(key.urlHmac('https://a.example/')).toBe(
      '55e138123d092057a02bddbebbb515d0c51a9e05b8a6ad8d325b347d039ea755',
    );
    expect(Buffer.from(key.jwtKey).toString('hex')).toBe(
      '68e8a763f2d8a0b04ebafdd7d4cb74a6a1f34460043a5b665212f9c9c589bb2e',
    );
    expect(key.keyCheck).toBe('f75e01506d8cd3d82c71018f2e2b3920');
  });

  it('gives contacts opaque ids that differ by project, app, identity and key', () => {
    const ids = [
      key.contactId('p', 'a', { channel: 'SMS', identity: '46700000001' }),
      key.contactId('p', 'a', { channel: 'SMS', identity: '46700000002' }),
      key.contactId('p', 'a4', { channel: 'SMS', identity: '6700000001' }),
      key.contactId('pa', '', { channel: 'SMS', identity: '46700000001' }),
      otherKey.contactId('p', 'a', { channel: 'SMS', identity: '46700000001' }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{40}$/u);
  });

  it('keeps its purposes apart', () => {
    expect(key.textHmac('x')).not.toBe(key.urlHmac('x'));
    expect(key.keyCheck).not.toBe(otherKey.keyCheck);
  });

  it.each([0, 31, 33])('refuses %d bytes', (length) => {
    expect(() => openRootKey(Buffer.alloc(length))).toThrow(RangeError);
  });
});

describe('sealing', () => {
  it.each(['', 'secret', 'naïve 💬', 'x'.repeat(10_000)])(
    'opens what it sealed, each time another text',
    (plain) => {
      const sealed = [key.seal(plain, 'here'), key.seal(plain, 'here')];
      expect(sealed[0]).not.toBe(sealed[1]);
      for (const text of sealed) {
        expect(key.open(text, 'here')).toBe(plain);
        if (plain !== '') expect(text).not.toContain(plain);
      }
    },
  );

  it('opens neither elsewhere nor with another key', () => {
    const sealed = key.seal('secret', 'here');
    expect(() => key.open(sealed, 'there')).toThrow(UnsealFailed);
    expect(() => otherKey.open(sealed, 'here')).toThrow(UnsealFailed);
  });

  it('opens nothing that was altered, at any byte', () => {
    const sealed = key.seal('secret', 'here');
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(i) ^ 1, i);
      expect(() => key.open(`s1.${altered.toString('base64url')}`, 'here')).toThrow(UnsealFailed);
    }
  });

  it.each(['', 's1.', 's1.AAAA', 'plain text', `s2.${'A'.repeat(60)}`])('opens no %j', (text) => {
    expect(() => key.open(text, 'here')).toThrow(UnsealFailed);
  });
});
