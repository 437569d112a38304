import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { query } from '../../../../bin/cli/api-client.js';
import { connectionOf } from '../../../../bin/cli/connection.js';
import { CommandFailed, EXIT } from '../../../../bin/cli/exit-codes.js';
import { readConfig } from '../../../../bin/config.js';

const DEMO = { url: 'http://127.0.0.1:1', projectId: 'demo', appId: 'app', keyId: 'dk', keySecret: 'ds' };
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-connection-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const writeDemo = (): void => {
  writeFileSync(join(dir, 'demo.json'), JSON.stringify({ ...DEMO, temporalUi: null }));
};
const connect = (options: object = {}, environment: Readonly<Record<string, string>> = {}) =>
  connectionOf(readConfig({ DATA_DIR: dir, ...environment }), options);

describe('which instance is asked, and as whom', () => {
  it('the one of demo.json, where nothing else is said', () => {
    writeDemo();
    expect(connect()).toEqual(DEMO);
  });

  it('options go before the environment, that before demo.json', () => {
    writeDemo();
    const environment = { OPTLEDGER_KEY_ID: 'ek', OPTLEDGER_KEY_SECRET: 'es', OPTLEDGER_PROJECT: 'ep' };
    expect(connect({}, environment)).toMatchObject({
      url: DEMO.url,
      projectId: 'ep',
      keyId: 'ek',
      keySecret: 'es',
    });
    const options = { keyId: 'ok', keySecret: 'os', project: 'op', url: 'https://other.example.com/' };
    expect(connect(options, environment)).toEqual({
      ...{
        url: 'https://other.example.com',
        projectId: 'op',
        appId: undefined,
        keyId: 'ok',
        keySecret: 'os',
      },
    });
  });

  it('a secret comes out of a file, without the end of its line', () => {
    writeFileSync(join(dir, 'secret'), 'fs\n');
    const options = { url: DEMO.url, project: 'p', keyId: 'k', keySecretFile: join(dir, 'secret') };
    expect(connect(options).keySecret).toBe('fs');
    // A secret that is given as an option is meant, whatever file the environment names.
    const given = { url: DEMO.url, project: 'p', keyId: 'k', keySecret: 'os' };
    expect(connect(given, { OPTLEDGER_KEY_SECRET_FILE: join(dir, 'secret') }).keySecret).toBe('os');
  });

  it('the key of demo.json goes to no other address', () => {
    writeDemo();
    expect(() => connect({ url: 'https://other.example.com' })).toThrow(/--key-id or OPTLEDGER_KEY_ID/);
    expect(() => connect({}, { OPTLEDGER_URL: 'https://other.example.com' })).toThrow(
      /for the instance that wrote it/,
    );
  });

  it.each([
    [{}, /--key-id/],
    [{ url: DEMO.url }, /--key-id/],
    [{ keyId: 'k' }, /--key-secret-file/],
    [{ keyId: 'k', keySecret: 's' }, /--url/],
    [{ keyId: 'k', keySecret: 's', url: DEMO.url }, /--project/],
    [{ keyId: 'k', keySecretFile: '/nowhere/secret', url: DEMO.url, project: 'p' }, /cannot be read/],
  ])('without a demo.json, %j names what is missing', (options, said) => {
    const failed = (): unknown => connect(options);
    expect(failed).toThrow(said);
    expect(failed).toThrow(CommandFailed);
    expect(failed).toThrow(expect.objectContaining({ code: EXIT.usage }));
  });

  it('a demo.json that cannot be read is none', () => {
    writeFileSync(join(dir, 'demo.json'), '{"url":');
    expect(() => connect()).toThrow(/--key-id/);
  });
});

describe('a query', () => {
  it('has what is given, escaped', () => {
    expect(query({ a: '+46 7', b: undefined, c: 5, d: '' })).toBe('?a=%2B46+7&c=5');
    expect(query({ a: undefined })).toBe('');
  });
});
