import { POLICY } from './wiring/policy.js';
import { runRole } from './wiring/run-role.js';

// `npm run start:worker`: hands messages over and delivers callbacks.
await runRole('worker', POLICY);
