import { POLICY } from './wiring/policy.js';
import { runRole } from './wiring/run-role.js';

// `npm run start:reactor`: hands what is owed to Temporal, or stands by.
await runRole('reactor', POLICY);
