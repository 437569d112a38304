import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { decodeTime } from 'ulid';
import { describe, expect, it } from 'vitest';
import {
  callbackId,
  deriveId,
  inboundEventId,
  newUlid,
  ulidOf,
  webhookId,
} from '../../../ledger/event-ids.js';

const parts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 });
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/u;

describe('derived ids', () => {
  // Frozen: another value would make every repeated message a new one.
  it('are what they always were', () => {
    expect(deriveId('a', 'b')).toBe('212a47b8-32ae-5d33-8516-92570ce987d9');
    expect(inboundEventId('contact-1', 'generic', 'm1', 'f00')).toBe('6398bd14-6607-5f99-83c1-6cac46929112');
    expect(callbackId('e1', 'OPT_OUT', 'w1')).toBe('6c4fc0e2-cd61-5a50-a7b1-38585f8a07fc');
    expect(webhookId('e1', 'OPT_OUT')).toBe('6e930fd1-dbf8-5785-aa97-1fc26f9b7ffe');
  });

  test.prop([parts, parts])('differ exactly where their parts differ', (a, b) => {
    expect(deriveId(...a) === deriveId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    expect(deriveId(...a)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
  });

  it('of one event and endpoint differ by trigger; callback and webhook ids never meet', () => {
    const ids = [
      callbackId('e', 'MESSAGE_INBOUND', 'w'),
      callbackId('e', 'OPT_OUT', 'w'),
      webhookId('e', 'MESSAGE_INBOUND'),
      webhookId('e', 'OPT_OUT'),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

describe('ULIDs', () => {
  test.prop([fc.uuid()])('spell all 128 bits of a UUID', (uuid) => {
    const spelled = ulidOf(uuid);
    expect(spelled).toMatch(ULID);
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    const value = [...spelled].reduce((sum, char) => sum * 32n + BigInt(alphabet.indexOf(char)), 0n);
    expect(value.toString(16).padStart(32, '0')).toBe(uuid.replaceAll('-', ''));
  });

  it('are fresh each time and carry the time given', () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const [a, b] = [newUlid(now), newUlid(now)];
    expect(a).toMatch(ULID);
    expect(a).not.toBe(b);
    expect(decodeTime(a)).toBe(now);
  });
});
