import { serveFakeKurrent } from './fake-process.js';

serveFakeKurrent();
