/** `node:sqlite` as it is used here, and the file system calls of `doctor`. */
const OLDEST_NODE = 24;

/** What is wrong with this Node, and what helps; undefined when it will do. @param version e.g. `20.19.5` */
export function nodeProblem(version: string): { readonly text: string; readonly remedy: string } | undefined {
  if (Number(version.split('.')[0]) >= OLDEST_NODE) return undefined;
  return {
    text: `this is Node ${version}; ${String(OLDEST_NODE)} or newer is needed`,
    remedy: 'start it by `npm run cli -- …` in the clone, which brings its own Node',
  };
}
