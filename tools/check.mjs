import { run } from './run.mjs';
import { say, withPatience } from './say.mjs';

// `npm run check`: everything that is checked before a change goes in. Two at a time, the longest first; the tests last,
// because they take both cores themselves.

const ABREAST = ['typecheck', 'format:check', 'lint:types', 'lint:house', 'layers', 'knip'];
const LAST = ['test:fast'];

const failed = [];

async function check(name) {
  await withPatience(name, async () => {
    const { code, stdout } = await run('npm', ['run', '--silent', name], { capture: true });
    if (code === 0) return;
    failed.push(name);
    say(`✗ ${name}\n${stdout}`);
  });
}

async function lane(queue) {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) await check(name);
}

const startedAt = performance.now();
const queue = [...ABREAST];
await Promise.all([lane(queue), lane(queue)]);
await lane([...LAST]);
say(
  `${failed.length === 0 ? 'all good' : `failed: ${failed.join(', ')}`} (${Math.round((performance.now() - startedAt) / 1000)} s)`,
);
process.exit(failed.length === 0 ? 0 : 1);
