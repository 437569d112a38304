import { writeFileSync } from 'node:fs';
import { DefaultLogger } from '@temporalio/worker';
import { BUNDLE_FILE, makeWorkflowBundle } from './wiring/workflow-bundle.js';

// This is a part of the build: it leaves the workflows' bundle beside the compiled code, which makes a start a second faster.
writeFileSync(BUNDLE_FILE, await makeWorkflowBundle(new DefaultLogger('WARN')));
