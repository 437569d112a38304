import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepareOrExit } from './prepare.mjs';
import { node, root } from './run.mjs';

// `npm run bench [-- option…]`: installs and builds what is missing, then measures on Node 24.

await prepareOrExit();
const child = spawn(node, ['--import', 'tsx', join(root, 'bench', 'run.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// A terminal's Ctrl-C reaches the child directly; what comes from elsewhere is passed on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
