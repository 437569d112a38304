import { POLICY } from './wiring/policy.js';
import { runRole } from './wiring/run-role.js';

// This is `npm run start:api`: it has the routes, and the views that they read.
await runRole('api', POLICY);
