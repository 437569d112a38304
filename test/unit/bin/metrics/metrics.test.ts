import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Readiness } from '../../../../api/deps.js';
import { createMetrics } from '../../../../bin/metrics/metrics.js';
import { readExpression, readExposition, type Exposition } from '../../../support/prometheus.js';
import { apiWorld, sms, type ApiWorld } from '../../../worlds/api-world.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly action: string };
}
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly expr: string }[];
}

const doc = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, '../../../../docs', name), 'utf8');
const rules = (parse(doc('alert-rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const panels = (JSON.parse(doc('grafana-dashboard.json')) as { panels: Panel[] }).panels;

let world: ApiWorld;
let health: Readiness;
let reactorRuns = true;
let commit: () => void = () => undefined;

function metricsOf(of: () => ApiWorld): Registry {
  return createMetrics({
    clock: { now: () => of().clock.now() },
    headPosition: () => of().ledger.headPosition(),
    stats: () => of().views.stats(),
    reactorPosition: () => (reactorRuns ? of().ledger.headPosition() - 2n : undefined),
    onAppended: (listener) => {
      commit = listener;
    },
    health: () => health,
    begun: () => reactorRuns,
    leading: () => reactorRuns,
    parts: ['temporal', 'worker', 'reactor'],
    dataDir: '.',
  });
}

async function scrape(): Promise<Exposition> {
  await world.views.passed(world.ledger.headPosition(), 2_000);
  const { body } = await world.app.inject('/metrics');
  // Without the values: a time in seconds may have any digits.
  expect(body.replace(/^([^#].*) \S+$/gm, '$1')).not.toMatch(/4670000000\d|wrong|nobody/);
  return readExposition(body);
}

beforeAll(async () => {
  health = { serving: true, missing: [] };
  world = await apiWorld(undefined, { metrics: metricsOf(() => world) });
  const inbound = (body: object) => world.call('POST', `/apps/${world.appId}/inbound/generic`, body);
  const stop = sms('46700000001', 'STOP');
  for (const body of [stop, stop, sms('46700000001', 'START'), sms('46700000002', 'hello')]) {
    expect((await inbound(body)).status).toBe(200);
  }
  await world.app.inject({
    url: '/v1/projects/p1/apps',
    headers: { authorization: `Basic ${btoa('nobody:wrong')}` },
  });
  expect(
    await world.call('POST', '/messages:send', {
      app_id: world.appId,
      recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: '46700000002' }] } },
      message: { text_message: { text: 'hello' } },
    }),
  ).toMatchObject({ status: 200 });
});
afterAll(() => world.close());

describe('/metrics', () => {
  it('counts what came in, what was sent, and who was not let in', async () => {
    commit();
    const { value } = await scrape();
    const inbound = (outcome: string) =>
      value(`optledger_inbound_messages_total{provider="generic",outcome="${outcome}"}`);
    expect(['opt_out', 'opt_in', 'no_keyword', 'duplicate', 'refused'].map(inbound)).toEqual([1, 1, 1, 1, 0]);
    expect(value('optledger_messages_accepted_total')).toBe(1);
    expect(value('optledger_messages_failed_total{reason="CHANNEL_REJECT"}')).toBe(0);
    expect(value('optledger_callback_attempts_total{class="delivered"}')).toBe(0);
    expect(value('optledger_sign_in_failures_total{reason="invalid_secret"}')).toBe(1);
    expect(value('optledger_ledger_commits_total')).toBe(1);
    // The send, and the replies to STOP and START.
    expect(value('optledger_owed{lane="messages"}')).toBe(3);
    expect(value('optledger_reactor_lag_events{lane="callbacks"}')).toBe(2);
    expect(value('optledger_view_lag_seconds')).toBe(0);
    expect(value('optledger_data_dir_free_bytes')).toBeGreaterThan(0);
  });

  it.each([
    ['ready', { serving: true, missing: [] }, true, [1, 1, 1]],
    ['degraded', { serving: true, missing: ['temporal'] }, true, [0, 1, 1]],
    ['degraded', { serving: true, missing: ['reactor (no cursor)'] }, true, [1, 1, 0]],
    ['degraded', { serving: true, missing: ['temporal'] }, false, [0, 0, 0]],
    ['starting', { serving: false, missing: ['temporal'] }, false, [0, 0, 0]],
  ])('says %s with %j', async (state, now: Readiness, runs, parts) => {
    health = now;
    reactorRuns = runs;
    const { value } = await scrape();
    const states = ['starting', 'degraded', 'ready'];
    const seen = states.filter((one) => value(`optledger_state{state="${one}"}`) === 1);
    expect(seen).toEqual([state]);
    expect(
      ['temporal', 'worker', 'reactor'].map((part) => value(`optledger_part_running{part="${part}"}`)),
    ).toEqual(parts);
    // A reactor that stopped leaves no last figure behind.
    expect(value('optledger_reactor_lag_events{lane="messages"}')).toBe(runs ? 2 : undefined);
  });

  it('says for how long a lane has been behind', async () => {
    reactorRuns = true;
    const lag = 'optledger_reactor_lag_seconds{lane="messages"}';
    await scrape();
    world.clock.ms += 30_000;
    expect((await scrape()).value(lag)).toBeGreaterThanOrEqual(30);
  });

  it('has names by convention: counters end in _total, and nothing else does', async () => {
    const { types } = await scrape();
    for (const [name, type] of types) {
      if (name.startsWith('optledger_'))
        expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    }
  });
});

describe('alert rules and dashboard', () => {
  const expressions = [
    ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
  ];

  it.each(expressions)('%s asks for what there is: %s', async (_title, expr) => {
    health = { serving: true, missing: [] };
    reactorRuns = true;
    const live = await scrape();
    const asked = readExpression(expr);
    expect(asked.length).toBeGreaterThan(0);
    for (const selector of asked) expect(live.problem(selector)).toBeUndefined();
  });

  it('each alert has a severity, a summary and what to do', () => {
    expect(rules.length).toBeGreaterThan(10);
    for (const { alert, labels, annotations } of rules) {
      expect(alert).toMatch(/^Optledger[A-Z]/);
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.summary.length, alert).toBeGreaterThan(20);
      expect(annotations.action.length, alert).toBeGreaterThan(40);
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it('each panel has a unit and asks for something', () => {
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(shown.length).toBeGreaterThan(15);
    for (const { title, fieldConfig, targets } of shown) {
      expect([title, fieldConfig?.defaults.unit]).toEqual([title, expect.stringMatching(/./)]);
      expect(targets?.length, title).toBeGreaterThan(0);
    }
  });
});
