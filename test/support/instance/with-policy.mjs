// The built product with other times than its own: `with-policy.mjs <role> <JSON of the times that differ>`. The
// product has no way to be told them, so this calls the same wiring as its programs do.

const [role, changes] = process.argv.slice(2);
const wiring = (file) => import(new URL(`../../../dist/bin/wiring/${file}`, import.meta.url).href);
const { POLICY } = await wiring('policy.js');
const { runRole } = await wiring('run-role.js');

await runRole(role, changed(POLICY, JSON.parse(changes)));

function changed(usual, changes) {
  if (typeof changes !== 'object') return changes;
  const own = Object.entries(changes).map(([key, change]) => [key, changed(usual[key], change)]);
  return { ...usual, ...Object.fromEntries(own) };
}
