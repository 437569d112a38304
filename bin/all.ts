import { runRole } from './run-role.js';

// `npm start`: everything in one process.
await runRole('all');
