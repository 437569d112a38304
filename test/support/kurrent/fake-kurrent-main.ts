import { serveFakeKurrent } from './fake-process.js';

await serveFakeKurrent(Number(process.argv[2] ?? 0));
