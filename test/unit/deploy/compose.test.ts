import { existsSync, readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../bin/config.js';
import { requireShared, type RoleName } from '../../../bin/wiring/roles.js';
import {
  composeDocument,
  composeOf,
  readComposeText,
  withDefaults,
} from '../../support/deploy/compose-file.js';
import { composeFaults, ourServices } from '../../support/deploy/compose-rules.js';

const yaml = readComposeText();
const file = composeOf(yaml);
const variables = new Set(
  Array.from(
    readFileSync('bin/config.ts', 'utf8').matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm),
    ([, name]) => name ?? '',
  ),
);
const repository = {
  variables,
  exists: existsSync,
  imageHasHealthCheck: /^HEALTHCHECK /m.test(readFileSync('Dockerfile', 'utf8')),
};

/** Changes one place of our own file. */
function planted(from: string, to: string): string {
  expect(yaml).toContain(from);
  return yaml.replace(from, to);
}

describe('docker-compose.yml and the schema of the Compose specification', () => {
  const schema = JSON.parse(readFileSync('test/fixtures/compose-spec/compose-spec.json', 'utf8')) as object;
  // It names its own schema by https, which no validator knows; its formats are none.
  const validate = new Ajv({ allErrors: true }).compile({ ...schema, $schema: undefined });

  it('is valid', () => {
    void validate(composeDocument(yaml));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['an unknown key', 'stop_grace_period: 15s', 'stop_grace_periods: 15s'],
    ['a list where a text is expected', 'image: optledger:local', 'image: [optledger]'],
    ['an unknown condition', 'condition: service_started', 'condition: [service_started]'],
    ['a text where a list is expected', 'cap_drop: [ALL]', 'cap_drop: ALL'],
    ['a health check without a command', 'test: [CMD, nc,', 'tests: [CMD, nc,'],
  ])('refuses %s', (_what, from, to) => {
    expect(validate(composeDocument(planted(from, to)))).toBe(false);
  });
});

describe('what the schema cannot say of docker-compose.yml', () => {
  it('holds', () => {
    expect(composeFaults(file, repository)).toEqual([]);
  });

  it.each([
    ['haproxy:3.2.24-trixie@sha256', 'haproxy@sha256', 'is not pinned to a version'],
    ['kurrentplatform/kurrentdb:26.1.2', 'kurrentplatform/kurrentdb:latest', 'is not pinned to a version'],
    ["'127.0.0.1:${TEMPORAL_UI_PORT:-8233}:8080'", "'${TEMPORAL_UI_PORT:-8233}:8080'", 'on 127.0.0.1 only'],
    ['keys:/keys:ro', 'key:/keys:ro', 'api-1: volumes: no key'],
    ['./deploy/haproxy.cfg:', './deploy/proxy.cfg:', 'proxy: volumes: no ./deploy/proxy.cfg'],
    ['networks: [front, back]', 'networks: [front, rear]', 'api-1: networks: no rear'],
    ['kurrentdb: { condition: service_healthy }', 'kurrent: { condition: service_healthy }', 'no kurrent'],
    [
      'api-1: { condition: service_healthy }',
      'temporal-ui: { condition: service_healthy }',
      'no health check',
    ],
    ["    restart: 'no'\n    network_mode", '    network_mode', 'root-key is to end, and is started again'],
    ['command: [dist/bin/worker.js]', 'command: [dist/bin/works.js]', 'no program dist/bin/works.js'],
    ['ROOT_KEY_FILE:', 'ROOT_KEYFILE:', 'environment: ROOT_KEYFILE is read by nobody'],
    ['  read_only: true\n', '', 'its root file system can be written'],
    ['cap_drop: [ALL]', 'cap_drop: []', 'keeps capabilities'],
    ["['no-new-privileges:true']", '[]', 'may gain privileges'],
    ["'reactor-2:/data'", "'reactor-1:/data'", "reactor-1:/data is two processes' own"],
    ['  simulator:\n', '  simulator:\n  old:\n', 'volumes: old is used by nobody'],
  ])('a planted %s is seen when it is %s', (from, to, fault) => {
    expect(composeFaults(composeOf(planted(from, to)), repository).join('\n')).toContain(fault);
  });
});

describe('the roles of docker-compose.yml', () => {
  const roles = ourServices(file).flatMap(([name, { command, environment }]) => {
    const role = /^dist\/bin\/(api|reactor|worker)\.js$/.exec(command[0] ?? '')?.[1] as RoleName | undefined;
    return role === undefined ? [] : [{ name, role, environment }];
  });

  it('are two of each', () => {
    expect(roles.map(({ role }) => role)).toEqual(['api', 'api', 'reactor', 'reactor', 'worker', 'worker']);
  });

  it.each(roles)('$name starts with what it is given', ({ role, environment }) => {
    const given = Object.entries(environment).map(([name, value]) => [name, withDefaults(value)] as const);
    const config = readConfig({
      ...Object.fromEntries(given),
      HOST: '0.0.0.0',
      PORT: '8080',
      DATA_DIR: '/data',
    });
    expect(() => {
      requireShared(role, config);
    }).not.toThrow();
    expect(config.publicUrl).toBe('http://127.0.0.1:8080');
  });
});
