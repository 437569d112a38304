import { runFaulty } from './faulty-instance.js';
import { withTimedCache } from './planted-cache.js';

// A whole instance, or one role of it, faulty on purpose: its hand-overs believe what they read some time ago. Longer
// ago on a ledger server: a hand-over 250 ms after an acknowledgement is in time there, and one worker of two sees half.
const KEPT_MS = { all: 50, worker: 10_000 } as const;
const role = process.argv[2] === 'worker' ? 'worker' : 'all';
/** So that a test of few hand-overs sees it too. */
const keptMs = Number(process.env['PLANTED_CACHE_MS'] ?? KEPT_MS[role]);

await runFaulty(role, (ledger) => withTimedCache(ledger, keptMs));
