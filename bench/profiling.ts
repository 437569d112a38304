/** Node's flags for CPU profiles of all threads of a process. @param to their folder; undefined: none are made */
export function profilingFlags(to: string | undefined): readonly string[] {
  return to === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${to}`];
}

/** The same as an environment, for a process that is started by others. */
export function profilingEnvironment(to: string | undefined): Readonly<Record<string, string>> {
  return to === undefined ? {} : { NODE_OPTIONS: profilingFlags(to).join(' ') };
}
