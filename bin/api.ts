import { POLICY } from './wiring/policy.js';
import { runRole } from './wiring/run-role.js';

// `npm run start:api`: the routes, and the views that they read.
await runRole('api', POLICY);
