import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes an executable shell script, and the folders above it. @returns its path */
export function script(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A `temporal` that answers `--version` and nothing else. @returns its path */
export function temporalScript(path: string, version: string): string {
  return script(path, `echo "temporal version ${version} (Server 1.31.2, UI 2.50.1)"`);
}
