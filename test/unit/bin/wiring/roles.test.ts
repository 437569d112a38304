import { describe, expect, it } from 'vitest';
import { InvalidConfiguration, readConfig } from '../../../../bin/config.js';
import { requireShared } from '../../../../bin/wiring/roles.js';

const SHARED = {
  LEDGER_URL: 'esdb://db.example.com:2113',
  TEMPORAL_ADDRESS: 'temporal.example.com:7233',
  ROOT_KEY_FILE: '/run/secrets/root-key',
};
const check = (role: 'all' | 'api' | 'reactor' | 'worker', environment: Record<string, string>) => () => {
  requireShared(role, readConfig(environment));
};

describe('what a role shares with the others', () => {
  it.each(['api', 'reactor', 'worker'] as const)('%s starts with all of it', (role) => {
    expect(check(role, SHARED)).not.toThrow();
    const { ROOT_KEY_FILE: _, ...rest } = SHARED;
    expect(check(role, { ...rest, ROOT_KEY: 'k'.repeat(32) })).not.toThrow();
  });

  it.each(['LEDGER_URL', 'TEMPORAL_ADDRESS', 'ROOT_KEY_FILE'] as const)(
    'a role without %s says so',
    (name) => {
      const { [name]: _, ...rest } = SHARED;
      const start = check('worker', rest);
      expect(start).toThrow(InvalidConfiguration);
      expect(start).toThrow(name.replace('_FILE', ''));
      expect(start).toThrow('start:worker');
    },
  );

  it('names everything that is missing at once, a file of its own included', () => {
    const start = check('api', { LEDGER_URL: 'sqlite:ledger.db' });
    for (const name of ['LEDGER_URL', 'TEMPORAL_ADDRESS', 'ROOT_KEY']) expect(start).toThrow(name);
  });

  it('all in one process needs none of it', () => {
    expect(check('all', {})).not.toThrow();
  });
});
