#!/usr/bin/env node
import { nodeProblem } from './cli/node-version.js';

// `optledger`. What follows is imported only on a Node that has all it needs: else the first thing a reader saw
// would be a missing built-in.

const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  const { runCli } = await import('./cli/run.js');
  process.exitCode = await runCli(process.argv.slice(2));
} else {
  process.stderr.write(`✗ ${problem.text}\n  → ${problem.remedy}\n`);
  process.exitCode = 1;
}
