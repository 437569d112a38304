import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ensureLedger } from '../../ledger/commands/create-ledger.js';
import { openRootKey } from '../../ledger/keys/root-key.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { inOneProcess } from '../support/instance/in-one-process.js';

// The commands of the README's chapter "Backup and restore", as they stand there.

const root = resolve(import.meta.dirname, '../..');
const chapter = /^## Backup and restore\n([\s\S]*?)^## /m.exec(
  readFileSync(join(root, 'README.md'), 'utf8'),
)?.[1];

inOneProcess('a backup is of the embedded file')('the README', () => {
  it('backs up and restores', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'optledger-readme-'));
    const at = (...names: string[]): string => join(folder, ...names);
    mkdirSync(at('data'));
    writeFileSync(at('data', 'root.key'), Buffer.alloc(32, 7).toString('base64'));
    const ledger = await openSqliteLedger({
      file: at('data', 'ledger.db'),
      lockFile: at('data', 'ledger.lock'),
    });
    await ensureLedger({
      ...{ ledger, cursors: ledger.cursors, rootKey: openRootKey(Buffer.alloc(32, 7)) },
      ...{ clock: { now: () => 0 }, newId: () => 'aa' },
    });
    await ledger.close();

    const commands = [...(chapter ?? '').matchAll(/^```shell\n([\s\S]*?)^```/gm)].map(
      ([, text]) => text ?? '',
    );
    expect(commands).toHaveLength(2);
    // What `npm run cli --` starts, without the build.
    const npm = `npm() { shift 3; ${join(root, 'node_modules/.bin/node')} ${join(root, 'dist/bin/cli.js')} "$@"; }`;
    const script = ['set -e', npm, ...commands].join('\n');
    await promisify(execFile)('bash', ['-c', script], { cwd: folder, timeout: 30_000 });
    expect(existsSync(at('backups', 'today', 'manifest.json'))).toBe(true);
    expect(existsSync(at('restored', 'ledger.db'))).toBe(true);
  });
});
