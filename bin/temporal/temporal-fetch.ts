import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What a step of the Temporal ladder is given that fetches: a download, a wheel or a build. It answers why it failed, in
 * words for the reader; undefined once `target` is there.
 */
export interface FetchOptions {
  /** File that is there when the step succeeded, executable, complete. */
  target: string;
  /** e.g. `1.8.2` */
  version: string;
  machine: Machine;
  say: (line: string) => void;
  /** Gets a line every few seconds while a step lasts. */
  progress: (line: string) => void;
  /** Where the download asks; another place in tests. */
  downloadBase: string;
  /** Folder with the Go module that is built, and with the wheels that pip may take. */
  moduleDir: string;
}

/** What of the environment the ladder needs. */
export interface Machine {
  /** PATH */
  path: string;
  /** HOME */
  home: string;
  /** XDG_CACHE_HOME */
  xdgCacheHome?: string | undefined;
  /** Settings of Go, of pip and of proxies, see `toolEnvironment`. */
  tools?: Record<string, string> | undefined;
}

/** The variables that Go and pip read: their settings, proxies, certificates, the scratch folder. No secret of ours. */
export function toolEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const wanted =
    /^(GO[A-Z0-9]+|PIP_[A-Z_]+|PYENV_(ROOT|VERSION)|XDG_CONFIG_HOME|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|TMPDIR)$/i;
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => wanted.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

/** Works in a folder beside `target`, on the same file system, which is gone afterwards. */
export async function inScratchFolder<T>(
  target: string,
  prefix: string,
  work: (scratch: string) => Promise<T>,
): Promise<T> {
  const dir = dirname(target);
  // We hold the lock, so a folder that stands there was left by a start that was killed.
  for (const name of readdirSync(dir)) {
    if (name.startsWith(prefix)) rmSync(join(dir, name), { recursive: true, force: true });
  }
  const scratch = mkdtempSync(join(dir, prefix));
  try {
    return await work(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
