import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

const here = fileURLToPath(import.meta.url);
/** The folder that holds `bin/`: the repository, or `dist`. */
const root = dirname(dirname(dirname(here)));
const extension = here.endsWith('.ts') ? '.ts' : '.js';

/** Where the build leaves the bundle; nothing is there when the sources run as they are. */
export const BUNDLE_FILE = join(root, 'workflow-bundle.js');

/** Bundles the workflows for Temporal's sandbox: about a second. The source map inside is mandatory. */
export async function makeWorkflowBundle(logger?: Logger): Promise<string> {
  const workflowsPath = join(root, 'workflows', `index${extension}`);
  const { code } = await bundleWorkflowCode({ workflowsPath, ...(logger === undefined ? {} : { logger }) });
  return code;
}

/** The bundle that the build left, unless something in it is newer; else one made now. */
export async function loadWorkflowBundle(logger?: Logger): Promise<string> {
  return isCurrent() ? readFileSync(BUNDLE_FILE, 'utf8') : makeWorkflowBundle(logger);
}

function isCurrent(): boolean {
  if (extension === '.ts' || !existsSync(BUNDLE_FILE)) return false;
  const made = statSync(BUNDLE_FILE).mtimeMs;
  const sources = ['workflows', 'domain'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(root, folder, name),
    ),
  );
  return sources.every((file) => statSync(file).mtimeMs <= made);
}
