import type { Position } from '../../ledger/ledger.js';
import { START } from '../../ledger/ledger.js';
import type { Api } from '../deps.js';

/** A read waits so many ms for the views; then it is answered 503. */
const PATIENCE_MS = 2_000;

interface Folded {
  /** Resolves once the views have passed `position`; throws `ViewsBehind` after `timeoutMs`. */
  passed(position: Position, timeoutMs: number): Promise<void>;
}

/**
 * Makes sure that whoever wrote sees what was written: a request waits here until the views have passed what this process
 * had acknowledged when it came in. A POST is let through at once, because most commands read the ledger itself; a handler
 * that asks a view all the same waits by itself with `views.passed`.
 */
export function registerReadYourWrites(app: Api, views: Folded, acknowledged: () => Position): void {
  app.addHook('onRequest', (request, _reply, done) => {
    request.acknowledged = acknowledged();
    done();
  });
  app.addHook('preHandler', async (request) => {
    if (request.method !== 'POST' && request.acknowledged > START) {
      await views.passed(request.acknowledged, PATIENCE_MS);
    }
  });
}
