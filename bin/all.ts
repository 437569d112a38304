import { POLICY } from './wiring/policy.js';
import { runRole } from './wiring/run-role.js';

// This is `npm start`: everything runs in one process.
await runRole('all', POLICY);
