import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inOneProcess } from '../support/instance/in-one-process.js';
import { newDataDir } from '../support/instance/instance.js';
import { waitFor } from '../support/wait-for.js';

inOneProcess("it is about one process's own start")('a start', () => {
  it('goes down in order when its starter and whoever read its output are gone', async () => {
    const dataDir = newDataDir();
    const child = spawn('node_modules/.bin/node', ['dist/bin/all.js'], {
      env: { ...process.env, DATA_DIR: dataDir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await waitFor('ready', () => output.includes('optledger is ready'), 60_000);

    child.stdout?.destroy();
    child.stderr?.destroy();
    child.disconnect();
    const [code] = (await once(child, 'exit')) as [number | null];

    expect(code).toBe(0);
    // Closed in order: SQLite leaves no log behind.
    expect(existsSync(join(dataDir, 'ledger.db-wal'))).toBe(false);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
