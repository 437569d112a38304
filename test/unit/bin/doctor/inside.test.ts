import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../bin/doctor/finding.js';
import { judgeApp } from '../../../../bin/doctor/judge/apps.js';
import { judgeCursors, judgeLedgerClock, judgeRootKey } from '../../../../bin/doctor/judge/ledger.js';
import {
  judgeTemporal,
  judgeTemporalClock,
  judgeTemporalCommand,
} from '../../../../bin/doctor/judge/temporal.js';
import { judgeViews, judgeWork } from '../../../../bin/doctor/judge/views.js';
import { judgeWebhook, type WebhookSeen } from '../../../../bin/doctor/judge/webhooks.js';
import { toReport } from '../../../../bin/doctor/report.js';
import { DEFAULT_CONSENT_SETTINGS, type AppState } from '../../../../domain/settings.js';

const levels = (found: readonly Finding[]): string[] => found.map(({ level }) => level);
const NOW = Date.parse('2026-03-01T12:00:00.000Z');

describe('the root key', () => {
  const usable = { state: 'usable', keyCheck: 'a' } as const;
  const unusable = { state: 'unusable', cause: 'no root key at /srv/o/root.key' } as const;
  it.each([
    [usable, undefined, 'ok'],
    [unusable, undefined, 'ok'],
    [usable, 'a', 'ok'],
    [usable, 'b', 'fault'],
    [unusable, 'a', 'fault'],
  ])('%j beside a ledger made with %s: %s', (key, check, level) => {
    expect(judgeRootKey(key, check).level).toBe(level);
  });
});

describe('the ledger', () => {
  it('needs cursors', () => {
    expect(judgeCursors([])).toEqual([]);
    expect(judgeCursors(['reactor-messages'])).toMatchObject([
      { level: 'fault', remedy: expect.stringMatching(/reactor set --at end/) as string },
    ]);
  });

  it.each([
    ['2026-03-01T11:59:00.000Z', 'ok'],
    ['2026-03-01T12:00:02.000Z', 'ok'],
    ['2026-03-01T12:00:02.001Z', 'fault'],
  ])('was last written at %s: %s', (at, level) => {
    expect(judgeLedgerClock(NOW, at).level).toBe(level);
  });
});

describe('the views', () => {
  const seen = { state: 'readable', behind: 0, behindMs: 0, running: false } as const;
  it.each([
    [{}, 'ok'],
    [{ state: 'absent' }, 'ok'],
    [{ state: 'absent', running: true }, 'fault'],
    [{ state: 'unreadable' }, 'fault'],
    [{ state: 'foreign' }, 'fault'],
    [{ state: 'other-schema' }, 'warning'],
    [{ behind: 9, behindMs: 60_000 }, 'ok'],
    [{ behind: 9, behindMs: 9_000, running: true }, 'ok'],
    [{ behind: 9, behindMs: 11_000, running: true }, 'fault'],
  ] as const)('%j: %s', (more, level) => {
    expect(judgeViews({ ...seen, ...more }).level).toBe(level);
  });

  it.each([
    [{}, ['ok', 'ok']],
    [{ parked: 3 }, ['warning', 'ok']],
    [{ owed: 2, oldestDue: NOW - 299_000 }, ['ok', 'ok']],
    [{ owed: 2, oldestDue: NOW - 301_000 }, ['ok', 'warning']],
    [{ owed: 2, oldestDue: NOW - 301_000, running: true }, ['ok', 'fault']],
  ])('work %j: %j', (more, expected) => {
    expect(levels(judgeWork({ parked: 0, oldestDue: null, owed: 0, running: false, ...more }, NOW))).toEqual(
      expected,
    );
  });
});

it('says what to do with parked callbacks', () => {
  const [parked] = judgeWork({ parked: 1, oldestDue: null, owed: 0, running: false }, NOW);
  expect(parked?.remedy).toMatch(/callbacks list --state parked.*callbacks show <id>.*callbacks retry <id>/);
});

describe('Temporal', () => {
  const seen = {
    ...{ address: '10.0.0.7:7233', namespace: 'sms', reachable: true, hasNamespace: true },
    ...{ missingAttributes: [], version: '1.31.2' },
  };
  it.each([
    [{}, ['ok'], /./],
    [{ reachable: false }, ['fault'], /TEMPORAL_ADDRESS/],
    [{ hasNamespace: false }, ['fault'], /namespace create --address 10.0.0.7:7233 -n sms/],
    [{ version: '1.28.9' }, ['ok', 'warning'], /update/],
    [{ missingAttributes: null }, ['ok', 'warning'], /right/],
    [
      { missingAttributes: [{ name: 'OptApp', type: 'Keyword' }] },
      ['ok', 'warning'],
      /--name OptApp --type Keyword/,
    ],
  ])('%j: %j', (more, expected, remedy) => {
    const found = judgeTemporal({ ...seen, ...more });
    expect(levels(found)).toEqual(expected);
    expect(found.at(-1)?.remedy ?? 'none').toMatch(remedy);
  });

  it('is looked for where no address is given', () => {
    expect(judgeTemporalCommand({ executable: '/bin/temporal', version: '1.8.2' }, undefined).level).toBe(
      'ok',
    );
    expect(judgeTemporalCommand(undefined, '/nowhere').level).toBe('fault');
    expect(judgeTemporalCommand(undefined, undefined).level).toBe('warning');
  });

  it.each([
    [null, []],
    [4_000, ['ok']],
    [-4_000, ['ok']],
    [6_000, ['fault']],
    [-6_000, ['fault']],
  ])('has a clock that is %s ms ahead: %j', (ahead, expected) => {
    expect(levels(judgeTemporalClock(ahead))).toEqual(expected);
  });
});

describe('an app', () => {
  const app: AppState = {
    ...{
      projectId: 'p',
      appId: 'a',
      deleted: false,
      displayName: 'A',
      processingMode: 'DISPATCH',
      profile: {},
    },
    consent: DEFAULT_CONSENT_SETTINGS,
    channel: { type: 'http', url: 'https://gateway.example.com', sealedSecret: 's', idempotent: false },
    ...{ endpoints: [], sealedOverrideSecret: null },
  };
  const withConsent = (more: object): AppState => ({ ...app, consent: { ...app.consent, ...more } });
  it.each([
    [app, 0, ['ok']],
    [app, 12, ['warning']],
    [withConsent({ keywordSets: ['SINCH', 'US'] }), 12, ['ok']],
    [withConsent({ enabled: false }), 0, ['warning']],
    [withConsent({ enabled: false, mode: 'SECONDARY' }), 0, ['warning']],
    [withConsent({ mode: 'SECONDARY' }), 0, ['warning']],
    [{ ...app, channel: { type: 'simulator' } as const }, 3, ['warning', 'warning']],
  ])('%#: %j', (state, northAmerican, expected) => {
    expect(levels(judgeApp(state, northAmerican))).toEqual(expected);
  });
});

describe('a webhook', () => {
  const seen: WebhookSeen = {
    endpoint: { id: 'w', target: 'https://hooks.example.com/t0ken', disabled: null },
    ...{ projectId: 'p', secretLength: 32, problem: null, resolves: true },
  };
  const disabled = (reason: 'gone' | 'owner') => ({ endpoint: { ...seen.endpoint, disabled: { reason } } });
  it.each([
    [{}, ['ok'], undefined],
    [{ secretLength: null }, ['ok'], undefined],
    [{ secretLength: 0 }, ['warning'], /"secret"/],
    [{ secretLength: 15 }, ['warning'], /openssl/],
    [{ secretLength: 16 }, ['ok'], undefined],
    [{ resolves: false }, ['fault'], /DNS/],
    [{ problem: 'scheme' }, ['fault'], /https.*CALLBACK_ALLOW_CIDRS/],
    [{ problem: 'port' }, ['fault'], /CALLBACK_ALLOW_CIDRS/],
    [{ problem: 'blocked-address' }, ['fault'], /CALLBACK_ALLOW_CIDRS/],
    [{ problem: 'userinfo' }, ['fault'], /target/],
    [disabled('gone'), ['fault'], /name its address anew/],
    [disabled('owner'), ['warning'], /switch it on/],
  ] as const)('%j: %j', (more, expected, remedy) => {
    const found = judgeWebhook({ ...seen, ...more });
    expect(levels(found)).toEqual(expected);
    if (remedy !== undefined) expect(found[0]?.remedy).toMatch(remedy);
    expect(JSON.stringify(found)).not.toContain('t0ken');
  });
});

describe('the report', () => {
  it('is not ok as soon as one thing does not work', () => {
    const [fine, odd, bad] = (['ok', 'warning', 'fault'] as const).map((level) => ({
      check: 'c',
      level,
      text: 't',
    }));
    expect(toReport([fine, odd].filter((one) => one !== undefined))).toMatchObject({ ok: true, warnings: 1 });
    expect(toReport([bad, odd].filter((one) => one !== undefined))).toMatchObject({ ok: false, faults: 1 });
  });
});
