import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { runCommand } from '../machine/run-command.js';

/** The first executable file of that name in a PATH-like list. Relative entries are passed over. */
export function executableOnPath(name: string, searchPath: string): string | undefined {
  return searchPath
    .split(delimiter)
    .filter((dir) => isAbsolute(dir))
    .map((dir) => join(dir, name))
    .find(isExecutableFile);
}

/** What `temporal --version` answers, e.g. `1.8.2`; undefined where the file is absent or does not run. */
export async function temporalVersionOf(executable: string): Promise<string | undefined> {
  if (!isExecutableFile(executable)) return undefined;
  const { code, stdout } = await runCommand({
    command: executable,
    args: ['--version'],
    env: {},
    timeoutMs: 20_000,
  });
  return code === 0 ? /^temporal version v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1] : undefined;
}

/** The nearest folder above a file that holds a package.json: the same one from `bin/` and from `dist/bin/`. */
export function packageFolder(file: string): string {
  let dir = dirname(file);
  while (!existsSync(join(dir, 'package.json')) && dirname(dir) !== dir) dir = dirname(dir);
  return dir;
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
