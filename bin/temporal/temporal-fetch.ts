/**
 * What a step of the Temporal ladder is given that fetches: a download or a build. It answers why it failed, in words
 * for the reader; undefined once `target` is there.
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
  /** Folder of the Go module that is built. */
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
  /** Settings of Go and of proxies, see `toolEnvironment`. */
  tools?: Record<string, string> | undefined;
}

/** The variables that a Go build reads: its own settings, proxies, certificates, the scratch folder. No secrets. */
export function toolEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const wanted = /^(GO[A-Z0-9]+|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|TMPDIR)$/i;
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => wanted.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}
