import { serveParent } from './server-process.js';

serveParent();
