import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCES } from './folders.mjs';
import { withPrepareLock } from './prepare-lock.mjs';
import { node, root, run } from './run.mjs';
import { say, withPatience } from './say.mjs';

const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const builtMark = join(root, 'dist', '.built');

/** Installs and builds what is missing or older than its sources. Quiet where there is nothing to do. */
export async function prepare({ build = true } = {}) {
  if (isInstalled() && (!build || isBuilt())) return;
  await withPrepareLock(join(root, '.cache'), async () => {
    if (!isInstalled()) await install();
    if (build && !isBuilt()) await compile();
  });
}

async function install() {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { code } = await withPatience('installing packages (npm ci)', () =>
    run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
  );
  if (code !== 0) throw new Error(`npm ci ended with code ${code}`);
  if (!existsSync(node)) {
    throw new Error(
      'Node 24 (npm package `node`) was not installed: are install scripts off? Try `npm rebuild node`.',
    );
  }
}

async function compile() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const startedAt = new Date();
  const { code } = await withPatience('building', () => run(node, [tsc, '-p', 'tsconfig.build.json']));
  if (code !== 0) throw new Error('the build failed, see above');
  const bundler = join(root, 'dist', 'bin', 'bundle-workflows.js');
  if (existsSync(bundler)) {
    const bundled = await withPatience('bundling workflows', () => run(node, [bundler]));
    if (bundled.code !== 0) throw new Error('the workflows could not be bundled, see above');
  }
  // The time of the start: what is edited while it builds counts as newer.
  writeFileSync(builtMark, startedAt.toISOString());
}

/** Whether node_modules holds what the lock file names. Packages for other platforms may be absent. */
function isInstalled() {
  const wanted = readJson('package-lock.json')?.packages ?? {};
  const present = readJson(join('node_modules', '.package-lock.json'))?.packages;
  if (present === undefined || !existsSync(node)) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === '' || optional || peer || present[path]?.version === version,
  );
}

function isBuilt() {
  if (!existsSync(builtMark)) return false;
  const builtAt = Date.parse(readFileSync(builtMark, 'utf8'));
  return [...SOURCES.flatMap(filesBelow), ...SETTINGS].every(
    (file) => statSync(join(root, file)).mtimeMs < builtAt,
  );
}

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch {
    return undefined;
  }
}

/** For scripts: prepares, or says what went wrong and ends. */
export async function prepareOrExit(options) {
  try {
    await prepare(options);
  } catch (error) {
    say(`✗ ${error.message}`);
    process.exit(1);
  }
}
