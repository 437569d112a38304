import { POLICY } from './wiring/policy.js';
import { runRole } from './wiring/run-role.js';

// This is `npm run start:reactor`: it hands what is owed to Temporal, or stands by.
await runRole('reactor', POLICY);
