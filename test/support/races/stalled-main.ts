import { runFaulty } from './faulty-instance.js';

// A whole instance whose event loop SIGUSR2 stalls, so that its own guard against overload turns requests away.

/** Each longer than the delay that the guard allows. */
const STALLS = 5;
const STALL_MS = 1_200;

await runFaulty('all');

function stall(left: number): void {
  const until = performance.now() + STALL_MS;
  while (performance.now() < until);
  // One turn in between: requests that came are answered, everything else gets on by one step.
  if (left > 1) setImmediate(stall, left - 1);
}

process.on('SIGUSR2', () => {
  stall(STALLS);
});
