import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { buildApp } from '../../api/app.js';
import type { Api, AppDeps } from '../../api/deps.js';
import { createAddressGuard } from '../../http-client/address-guard.js';
import { openSimulatorStore, type SimulatorStore } from '../../channels/simulator-store.js';
import { checkTargetNow } from '../../http-client/target-check.js';
import type { LedgerEvent, Scope } from '../../domain/events/events.js';
import { createAccessKey, createProject, newAccessKey } from '../../ledger/commands/access-keys.js';
import {
  changeConsentSettings,
  createApp,
  type StoredAppFields,
} from '../../ledger/commands/app-commands.js';
import { openRootKey, type RootKey } from '../../ledger/keys/root-key.js';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { START, type Ledger, type Recorded } from '../../ledger/ledger.js';
import { openViews, type Views } from '../../projections/views.js';

export const PROJECT = 'p1';
const actor = { type: 'system' } as const;

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
}
export interface Call {
  readonly scope?: Scope | 'other-project';
  readonly headers?: Record<string, string>;
}

/** The API over a real ledger file and real views; requests are injected. */
export interface ApiWorld {
  readonly app: Api;
  readonly ledger: SqliteLedger;
  readonly rootKey: RootKey;
  readonly views: Views;
  readonly simulator: SimulatorStore;
  readonly appId: string;
  readonly clock: { ms: number; now(): number };
  readonly logLines: string[];
  /** JSON request; `path` begins after the project. Scope `admin` unless told. */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    call?: Call,
  ): Promise<Answer>;
  /** Key id and key secret, joined by a colon. */
  credentials(scope: NonNullable<Call['scope']>): string;
  newApp(fields?: Partial<StoredAppFields>): Promise<string>;
  setConsent(change: Parameters<typeof changeConsentSettings>[3]): Promise<void>;
  /** Everything in the ledger. */
  events(): Promise<readonly LedgerEvent[]>;
  close(): Promise<void>;
}

/**
 * @param wrap stands between the routes and the ledger
 * @param overrides in place of the world's own parts
 */
export async function apiWorld(
  wrap: (ledger: Ledger) => Ledger = (ledger) => ledger,
  overrides: Partial<AppDeps> = {},
): Promise<ApiWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'optledger-api-'));
  const ledger = await openSqliteLedger({ file: join(dir, 'ledger.db'), lockFile: join(dir, 'ledger.lock') });
  const rootKey = openRootKey(Buffer.alloc(32, 7));
  const clock = { ms: Date.parse('2026-01-02T03:04:05.678Z'), now: () => clock.ms };
  const commands = { ledger, clock };
  const keys = await createKeys(commands);
  const simulator = openSimulatorStore(join(dir, 'simulator.db'));
  const views = await openViews({ file: join(dir, 'views.db'), ledger });
  const stop = new AbortController();
  const running = views.run(stop.signal);
  const logLines: string[] = [];
  const app = await buildApp({
    ledger: wrap(ledger),
    clock,
    rootKey,
    storeId: 'store-1',
    views,
    logger: pino({ level: 'info' }, { write: (line: string) => void logLines.push(line) }),
    config: { tokenTtl: 3600, rates: { api: 0, send: 0, callback: 0 }, loopback: true, publicUrl: null },
    simulator,
    checkTarget: (url) => checkTargetNow(url, createAddressGuard([]), async () => ['93.184.216.34']),
    callbackHurry: { reachable: async () => false, wake: async () => undefined },
    health: () => ({ serving: true, missing: [] }),
    metrics: new Registry(),
    // A machine that is busy with other tests stalls for a second: what is asked here must be answered all the same.
    overload: { inFlight: 2_000, loopDelayMs: 60_000 },
    ...overrides,
  });
  let apps = 0;
  const newApp = async (fields: Partial<StoredAppFields> = {}): Promise<string> => {
    const appId = `app${String((apps += 1))}`;
    const standard = {
      displayName: 'demo',
      processingMode: 'DISPATCH',
      profile: {},
      sealedOverrideSecret: null,
    } as const;
    await createApp(commands, { projectId: PROJECT, appId, actor }, { ...standard, ...fields });
    await views.passed(ledger.headPosition(), 2_000);
    return appId;
  };
  const appId = await newApp();
  return {
    app,
    ledger,
    rootKey,
    views,
    simulator,
    appId,
    clock,
    logLines,
    newApp,
    credentials: (scope) => Buffer.from(keys[scope], 'base64').toString(),
    async call(method, path, body, { scope = 'admin', headers = {} } = {}) {
      const answer = await app.inject({
        method,
        url: `/v1/projects/${PROJECT}${path}`,
        headers: {
          authorization: `Basic ${keys[scope]}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: answer.statusCode, body: answer.json(), text: answer.body };
    },
    async setConsent(change) {
      await changeConsentSettings(commands, { projectId: PROJECT, appId, actor }, undefined, change);
      await views.passed(ledger.headPosition(), 2_000);
    },
    events: () => readWhole(ledger),
    async close() {
      await app.close();
      stop.abort();
      await running;
      views.close();
      simulator.close();
      await ledger.close();
      rmSync(dir, { recursive: true });
    },
  };
}

async function readWhole(ledger: Ledger): Promise<readonly LedgerEvent[]> {
  const events: Recorded[] = [];
  for (;;) {
    const page = await ledger.readAll({ after: events.at(-1)?.position ?? START, limit: 1000 });
    if (page.length === 0) return events.map(({ event }) => event);
    events.push(...page);
  }
}

type Keys = Record<NonNullable<Call['scope']>, string>;

async function createKeys(commands: Parameters<typeof createProject>[0]): Promise<Keys> {
  for (const projectId of [PROJECT, 'p2'])
    await createProject(commands, { projectId, displayName: projectId, actor });
  const create = async (projectId: string, scope: Scope): Promise<string> => {
    const key = newAccessKey(commands.clock);
    await createAccessKey(commands, { projectId, key, scopes: [scope], label: scope, actor });
    return Buffer.from(`${key.keyId}:${key.keySecret}`).toString('base64');
  };
  return {
    read: await create(PROJECT, 'read'),
    send: await create(PROJECT, 'send'),
    inbound: await create(PROJECT, 'inbound'),
    admin: await create(PROJECT, 'admin'),
    'other-project': await create('p2', 'admin'),
  };
}

let provided = 0;
/** Body of an inbound SMS with a provider's id of its own. */
export const sms = (identity: string, text: string, more: Record<string, unknown> = {}) => ({
  message_id: `m-${String((provided += 1))}`,
  channel: 'SMS',
  identity,
  sender: '4670999',
  text,
  ...more,
});
