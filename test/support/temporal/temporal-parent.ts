import { startTemporalServer } from '../../../bin/temporal/temporal-server.js';

// A process that is meant to be killed: starts a server, prints what a test needs to know, then lives.
const [executable = '', dbFile = ''] = process.argv.slice(2);
const { address, pid } = await startTemporalServer({ executable, dbFile });
process.stdout.write(`${JSON.stringify({ address, pid })}\n`);
setInterval(() => undefined, 1_000);
