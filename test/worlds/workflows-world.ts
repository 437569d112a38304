import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { POLICY } from '../../bin/wiring/policy.js';
import { createActivities, type AllActivities } from '../../activities/index.js';
import { createCallbackPoster } from '../../activities/callbacks/callback-poster.js';
import type { Channel } from '../../channels/channel.js';
import type { HttpAnswer, HttpCall } from '../../http-client/http-sender.js';
import { namespaceAdmin, prepareNamespace } from '../../bin/temporal/temporal-namespace.js';
import { startTemporalServer, type TemporalServer } from '../../bin/temporal/temporal-server.js';
import {
  installTemporalRuntime,
  startTemporalWorkers,
  temporalLogger,
  type TemporalWorkers,
} from '../../bin/temporal/temporal-worker.js';
import { wakeReactor } from '../../bin/wiring/wake-reactor.js';
import { createWorkflowStarter } from '../../bin/wiring/workflow-starter.js';
import { makeWorkflowBundle } from '../../bin/wiring/workflow-bundle.js';
import type { Endpoint } from '../../domain/settings.js';
import { ensureLedger } from '../../ledger/commands/create-ledger.js';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { openViews, type Views } from '../../projections/views.js';
import { createReactor, type Reactor } from '../../reactor/reactor.js';
import { fakeChannel, taken, World } from './hand-over-world.js';

const logger = pino({ level: 'silent' });
installTemporalRuntime(logger);

let bundle: Promise<string> | undefined;
const madeOnce = (): Promise<string> => (bundle ??= makeWorkflowBundle(temporalLogger(logger)));

/** Ledger, views, reactor, workers and a real Temporal server; what lies outside is scripted. */
export class WorkflowsWorld {
  readonly dir = mkdtempSync(join(tmpdir(), 'workflows-'));
  server: TemporalServer | undefined;
  channel: Channel = fakeChannel(() => taken);
  /** What the receiver answers. */
  answer: (call: HttpCall) => HttpAnswer | Promise<HttpAnswer> = () => answered(200);
  readonly posted: HttpCall[] = [];
  readonly faults: { id: string; code: string }[] = [];
  /** Lets time pass for everything of ours, not for Temporal. */
  offsetMs = 0;
  readonly clock = { now: (): number => Date.now() + this.offsetMs };
  ledger!: SqliteLedger;
  views!: Views;
  ledgerId = '';
  world!: World;
  client!: Client;
  reactor: Reactor | undefined;
  private workers: TemporalWorkers | undefined;
  private activities: AllActivities | undefined;
  private connection: NativeConnection | undefined;
  private searchAttributes = false;
  private readonly stopViews = new AbortController();
  private stopWaking: () => void = () => undefined;

  /** @param server where the caller runs one for several worlds */
  constructor(server?: TemporalServer) {
    this.server = server;
  }

  get dbFile(): string {
    return join(this.dir, 'temporal.db');
  }

  async open(): Promise<this> {
    const file = (name: string): string => join(this.dir, name);
    this.ledger = await openSqliteLedger({ file: file('ledger.db'), lockFile: file('ledger.lock') });
    const { ledger, clock } = this;
    const newId = (): string => randomBytes(4).toString('hex');
    const rootKey = { keyCheck: '0'.repeat(64) };
    this.ledgerId = (await ensureLedger({ ledger, cursors: ledger.cursors, rootKey, newId, clock })).ledgerId;
    this.views = await openViews({ file: file('views.db'), ledger });
    void this.views.run(this.stopViews.signal).catch(() => undefined);
    this.world = new World(ledger, clock);
    return this;
  }

  async startServer(executable: string): Promise<void> {
    this.server = await startTemporalServer({ executable, dbFile: this.dbFile });
  }

  /** Workers and reactor, as a process of ours starts them. */
  async startEngine({ reactor = true } = {}): Promise<void> {
    const { ledger, clock, ledgerId } = this;
    const address = this.server?.address ?? '';
    const connection = await NativeConnection.connect({ address });
    this.connection = connection;
    this.client = new Client({ connection });
    const { searchAttributes } = await prepareNamespace(namespaceAdmin(connection as never, 'default'), {
      retentionHours: 72,
    });
    const http = { post: (call: HttpCall) => this.post(call), abort: () => undefined };
    const poster = createCallbackPoster({
      ledger,
      clock,
      http,
      open: (sealed) => sealed,
      newNonce: randomUUID,
      ...{ times: POLICY.callbacks, batch: POLICY.batch },
    });
    this.activities = createActivities({
      ...{ ledger, clock, poster, newId: randomUUID, channelFor: () => this.channel },
      batch: POLICY.batch,
      onFault: ({ id, code }) => this.faults.push({ id, code }),
    });
    const { activities } = this;
    const bundle = await madeOnce();
    const namespace = 'default';
    this.workers = await startTemporalWorkers({
      connection,
      namespace,
      ledgerId,
      activities,
      bundle,
      logger,
      times: POLICY.temporal,
    });
    this.searchAttributes = searchAttributes;
    if (reactor) await this.startReactor();
  }

  async startReactor(): Promise<void> {
    const { client, ledger, views, clock, ledgerId, searchAttributes } = this;
    const reactor = createReactor({
      ...{ owed: views.owed, cursors: ledger.cursors, clock, times: POLICY.reactor },
      starter: createWorkflowStarter({ client, ledgerId, searchAttributes }),
      setTimer: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => {
          clearTimeout(timer);
        };
      },
    });
    this.reactor = reactor;
    await reactor.start();
    this.stopWaking = wakeReactor({
      onAppended: (listener) => ledger.onAppended(listener),
      headPosition: () => ledger.headPosition(),
      passed: (position) => views.passed(position, 5_000),
      wake: () => {
        reactor.wake();
      },
    });
  }

  async stopEngine(): Promise<void> {
    this.stopWaking();
    await this.reactor?.stop();
    await this.activities?.stopNewHandOvers();
    await this.workers?.stop();
    await this.connection?.close();
    this.workers = undefined;
    this.connection = undefined;
  }

  async stopServer(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  async close(): Promise<void> {
    await this.stopEngine();
    this.stopViews.abort();
    this.views.close();
    await this.ledger.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** What is still owed in both lanes. */
  owed(): number {
    const count = (lane: 'messages' | 'callbacks'): number => this.views.owed.after(lane, 0n, 10_000).length;
    return count('messages') + count('callbacks');
  }

  async workflows(query = ''): Promise<{ type: string; id: string; status: string }[]> {
    const found = [];
    for await (const { type, workflowId, status } of this.client.workflow.list({ query })) {
      // A server may be shared: only what belongs to this ledger.
      if (workflowId.startsWith(this.ledgerId)) found.push({ type, id: workflowId, status: status.name });
    }
    return found.sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  private async post(call: HttpCall): Promise<HttpAnswer> {
    this.posted.push(call);
    return this.answer(call);
  }
}

/** A webhook of the test's app that is tried every three seconds. */
export const endpoint: Endpoint = {
  id: '01K9ENDPOINT00000000000000',
  target: 'https://hooks.example.com/in',
  targetType: 'HTTP',
  sealedSecret: null,
  triggers: ['OPT_OUT', 'OPT_IN', 'MESSAGE_SUBMIT'],
  clientCredentials: null,
  delivery: { profile: 'durable', delays: [3, 3, 3, 3], timeoutS: 5 },
  disabled: null,
};

export function answered(status: number): HttpAnswer {
  return {
    ...{ sent: true, peer: '192.0.2.1', durationMs: 1, status, fault: null, retryAfter: null },
    ...{ excerpt: '', truncated: false },
  };
}
