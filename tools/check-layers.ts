import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawLayers, withDrawing } from './diagram.js';
import { folderProblems } from './folder-lists.js';
import { SOURCES } from './folders.mjs';
import { checkLayers } from './layers.js';

// `npm run layers` checks who imports whom, that each folder with code is in the one list, and that the drawing in README.md is what the code says;
// `npm run diagram` draws it anew.

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');
const problems: string[] = [];

const { violations, modules } = await checkLayers(root, SOURCES);
problems.push(...folderProblems(root), ...violations);

// With a TypeScript that it does not know, the checker sees no module and finds no fault.
const onDisk = globSync(`{${SOURCES.join(',')}}/**/*.{ts,tsx}`, { cwd: root });
const seen = new Set(modules.map(({ source }) => source));
problems.push(...onDisk.filter((file) => !seen.has(file)).map((file) => `not checked: ${file}`));
if (onDisk.length === 0) problems.push('no source file was found');

const page = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
const drawn = withDrawing(page, drawLayers(modules, SOURCES));
if (process.argv.includes('--draw')) {
  if (drawn === undefined) problems.push('README.md has no place for the drawing');
  else writeFileSync(readme, drawn);
} else if (drawn !== undefined && drawn !== page) {
  problems.push('the drawing in README.md is not what the code says: npm run diagram');
}

process.stdout.write(
  `${[...problems, `${onDisk.length} files checked, ${problems.length} problems`].join('\n')}\n`,
);
if (problems.length > 0) process.exitCode = 1;
