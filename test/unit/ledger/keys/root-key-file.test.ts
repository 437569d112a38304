import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RootKeyInvalid } from '../../../../ledger/errors.js';
import { loadRootKey } from '../../../../ledger/keys/root-key-file.js';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i));

describe('loading the root key', () => {
  let folder: string;
  let ownFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'optledger-key-'));
    ownFile = join(folder, 'root.key');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('makes one beside an empty ledger, for its owner only, and finds it again', () => {
    const made = loadRootKey({ ownFile, ledgerIsEmpty: true });
    expect(made).toHaveLength(32);
    expect(statSync(ownFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['root.key']);
    expect(loadRootKey({ ownFile, ledgerIsEmpty: false })).toEqual(made);
    expect(loadRootKey({ ownFile, ledgerIsEmpty: true })).toEqual(made);
  });

  it('makes another one each time', () => {
    const other = join(folder, 'other.key');
    const made = loadRootKey({ ownFile, ledgerIsEmpty: true });
    expect(loadRootKey({ ownFile: other, ledgerIsEmpty: true })).not.toEqual(made);
  });

  it('makes none beside a ledger that has events', () => {
    expect(() => loadRootKey({ ownFile, ledgerIsEmpty: false })).toThrow(RootKeyInvalid);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['base64', KEY.toString('base64')],
    ['base64url', KEY.toString('base64url')],
    ['hex', KEY.toString('hex')],
    ['hex in capitals', KEY.toString('hex').toUpperCase()],
    ['blanks around', `\n ${KEY.toString('base64')}\n`],
  ])('reads %s, by value and by file', (_, text) => {
    const file = join(folder, 'given.key');
    writeFileSync(file, text);
    expect(loadRootKey({ value: text, ownFile, ledgerIsEmpty: true })).toEqual(KEY);
    expect(loadRootKey({ file, ownFile, ledgerIsEmpty: true })).toEqual(KEY);
    expect(readdirSync(folder)).toEqual(['given.key']);
  });

  it('takes the value before the file, and the file before its own', () => {
    const file = join(folder, 'given.key');
    writeFileSync(file, Buffer.alloc(32, 1).toString('hex'));
    writeFileSync(ownFile, Buffer.alloc(32, 2).toString('hex'));
    const value = KEY.toString('hex');
    expect(loadRootKey({ value, file, ownFile, ledgerIsEmpty: false })).toEqual(KEY);
    expect(loadRootKey({ file, ownFile, ledgerIsEmpty: false })).toEqual(Buffer.alloc(32, 1));
  });

  it.each(['', 'short', 'f'.repeat(63), 'z'.repeat(64), Buffer.alloc(31).toString('base64'), 'ß'.repeat(43)])(
    'refuses %j without repeating it',
    (value) => {
      const load = (): unknown => loadRootKey({ value, ownFile, ledgerIsEmpty: true });
      expect(load).toThrow(RootKeyInvalid);
      if (value !== '') expect(load).not.toThrow(value);
    },
  );

  it('refuses a given file that is not there, though the ledger is empty', () => {
    const file = join(folder, 'nowhere.key');
    expect(() => loadRootKey({ file, ownFile, ledgerIsEmpty: true })).toThrow(/nowhere\.key/u);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('passes on that a file cannot be read, rather than making a key', () => {
    // A folder instead of a file: also root cannot read it.
    expect(() => loadRootKey({ ownFile: folder, ledgerIsEmpty: true })).toThrow(/EISDIR/u);
  });

  it('starts over after a crash while it was made', () => {
    writeFileSync(`${ownFile}.new`, 'half a k');
    chmodSync(`${ownFile}.new`, 0o600);
    const made = loadRootKey({ ownFile, ledgerIsEmpty: true });
    expect(readFileSync(ownFile, 'utf8')).toBe(`${made.toString('base64')}\n`);
  });
});
