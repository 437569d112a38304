import { POLICY } from './wiring/policy.js';
import { runRole } from './wiring/run-role.js';

// `npm start`: everything in one process.
await runRole('all', POLICY);
