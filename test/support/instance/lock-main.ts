import { lockFile } from '../../../ledger/sqlite/sqlite-lock.js';

// A process that holds a ledger's lock and answers nobody: `lock-main.ts <file>`, until it is killed.

const lock = lockFile(process.argv[2] ?? '');
process.stdout.write('locked\n');
// Held by what refers to it: else it would be collected, and the file closed.
setInterval(() => lock, 60_000);
