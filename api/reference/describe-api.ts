import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createMemoryLedger } from '../../ledger/memory/memory-ledger.js';
import { openRootKey, ROOT_KEY_BYTES } from '../../ledger/keys/root-key.js';
import { buildApp } from '../app.js';
import type { AppDeps } from '../deps.js';

/** These parts are never asked, since only what the routes say of themselves counts. */
function unused(): AppDeps {
  const nothing = {
    find: () => undefined,
    get: () => undefined,
    findSent: () => undefined,
    list: () => [],
    records: () => [],
    open: () => undefined,
    item: () => undefined,
    recent: () => undefined,
    page: () => ({ identities: [], messages: [], callbacks: [], rows: [], nextKey: null }),
  };
  return {
    ledger: createMemoryLedger(),
    clock: { now: () => 0 },
    rootKey: openRootKey(Buffer.alloc(ROOT_KEY_BYTES)),
    storeId: '',
    views: {
      apps: nothing,
      endpoints: nothing,
      keys: nothing,
      consentLists: nothing,
      audit: nothing,
      suspicions: nothing,
      messages: nothing,
      callbacks: nothing,
      passed: async () => undefined,
    },
    logger: pino({ enabled: false }),
    config: { tokenTtl: 3600, rates: { api: 0, send: 0, callback: 0 }, loopback: true, publicUrl: null },
    simulator: null,
    checkTarget: async () => null,
    callbackHurry: { reachable: async () => false, wake: async () => undefined },
    health: () => ({ serving: false, missing: [] }),
    metrics: new Registry(),
  };
}

/** Makes the OpenAPI 3.1 document of every route, as text that is the same for the same routes. */
export async function describeApi(): Promise<string> {
  const app = await buildApp(unused());
  try {
    await app.ready();
    return `${JSON.stringify(app.swagger(), null, 2)}\n`;
  } finally {
    await app.close();
  }
}
