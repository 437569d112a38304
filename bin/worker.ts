import { runRole } from './run-role.js';

// `npm run start:worker`: hands messages over and delivers callbacks.
await runRole('worker');
