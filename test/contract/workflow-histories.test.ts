import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeWorkflowBundle } from '../../bin/wiring/workflow-bundle.js';
import { IDENTITY } from '../worlds/hand-over-world.js';

// Histories that a real server recorded under the code of their time: see test/histories/record.ts.
const folder = join(import.meta.dirname, '../histories');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** The very copy of the protocol that the worker encodes with: `historyFromJSON` breaks where protobufjs is there twice. */
const { temporal } = createRequire(import.meta.resolve('@temporalio/worker'))('@temporalio/proto') as {
  readonly temporal: { api: { history: { v1: { History: { fromObject(json: unknown): object } } } } };
};
const { History } = temporal.api.history.v1;

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

let code: string;
beforeAll(async () => {
  const logger = new DefaultLogger('ERROR', () => undefined);
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { filter } } });
  code = await makeWorkflowBundle(logger);
});
const replay = (json: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: { code } }, History.fromObject(JSON.parse(json)));

describe('recorded histories', () => {
  it('are a waiting and a decided case of every workflow', () => {
    const workflows = ['deliver-callback', 'deliver-callbacks', 'send-message', 'send-messages'];
    const files = workflows.flatMap((workflow) => [`${workflow}.decided.json`, `${workflow}.waiting.json`]);
    // The leadership never ends.
    expect(names).toEqual([...files, 'lead-reactor.waiting.json'].sort());
    for (const name of names) expect(read(name)).toContain(`"name": "${name.split('.')[0] ?? ''}"`);
  });

  it.each(names)('%s replays under the workflows of today', async (name) => {
    await replay(read(name));
  });

  it.each(names)('%s holds no identity, no text and no machine', (name) => {
    const payloads = [...read(name).matchAll(/"data": "([^"]*)"/g)];
    const plain = payloads.map(([, data]) => Buffer.from(data ?? '', 'base64').toString());
    const all = [read(name), ...plain].join('\n');
    expect(all).not.toContain(IDENTITY);
    expect(all).not.toMatch(/Hello|You are out/);
    const identities = [...read(name).matchAll(/"identity": "([^"]*)"/g)].map(([, identity]) => identity);
    expect(new Set(identities)).toEqual(new Set(['recorded']));
  });

  it('of another course of events are noticed', async () => {
    const other = read('send-message.decided.json').replace('"handOverMessage"', '"postCallback"');
    await expect(replay(other)).rejects.toThrow(DeterminismViolationError);
  });
});
