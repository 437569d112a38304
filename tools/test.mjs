import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareOrExit } from './prepare.mjs';
import { describeResults, resultsFolder, resultsOf, sumOfResults } from './results.mjs';
import { node, root, run } from './run.mjs';
import { say, withPatience } from './say.mjs';

// `npm test`: installs, builds, gets a Temporal server, runs every level that can run and says which cannot and why.
// `npm test -- unit contract` runs those levels only.

const LEVELS = [
  { name: 'unit', needsTemporal: false },
  { name: 'contract', needsTemporal: false },
  { name: 'integration', needsTemporal: true },
  { name: 'acceptance', needsTemporal: true },
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !LEVELS.some((level) => level.name === name));
if (unknown.length > 0) {
  say(`✗ no such level: ${unknown.join(', ')}; there are ${LEVELS.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const levels = LEVELS.filter(({ name }) => asked.length === 0 || asked.includes(name));

await prepareOrExit();
rmSync(resultsFolder, { recursive: true, force: true });
const temporal = levels.some(({ needsTemporal }) => needsTemporal) ? await findTemporal() : undefined;

const problems = [];
for (const { name, needsTemporal } of levels) {
  if (needsTemporal && temporal === undefined) {
    problems.push(`${name} tests did not run: no Temporal server could be had, see above`);
    say(`\n✗ ${problems.at(-1)}`);
    continue;
  }
  say(`\n▸ ${name} tests`);
  const file = join(resultsFolder, `${name}.json`);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const env = temporal === undefined ? {} : { TEMPORAL_EXECUTABLE: temporal };
  const { code } = await withPatience(`${name} tests`, () =>
    run(node, [vitest, 'run', '--project', name, ...reporters], { env }),
  );
  const { passed, failed } = resultsOf(file);
  if (code === 130) process.exit(130);
  if (code !== 0) problems.push(`${name} tests failed (exit code ${code})`);
  else if (passed + failed === 0) problems.push(`no ${name} test ran`);
}

say('');
for (const problem of problems) say(`✗ ${problem}`);
process.stdout.write(`${describeResults(sumOfResults())}\n`);
process.exit(problems.length === 0 ? 0 : 1);

async function findTemporal() {
  const { code, stdout } = await withPatience('getting a Temporal server', () =>
    run(node, [join(root, 'dist', 'bin', 'get-temporal.js')], { capture: true }),
  );
  return code === 0 ? stdout.trim() : undefined;
}
