import { describe, expect, it } from 'vitest';
import { InvalidConfiguration, maskedConfig, readConfig } from '../../../bin/config.js';

describe('configuration', () => {
  it('starts on loopback with embedded defaults', () => {
    const config = readConfig({});
    expect(config.host).toBe('127.0.0.1');
    expect(config.port).toBeUndefined();
    expect(config.tokenTtl).toBe(3600);
    expect(config.ledgerFile).toMatch(/data\/ledger\.db$/);
    expect(config.callbackAllowCidrs).toEqual(['127.0.0.0/8', '::1/128']);
  });

  it('lets callbacks reach no private network once it listens beyond loopback', () => {
    expect(readConfig({ HOST: '0.0.0.0' }).callbackAllowCidrs).toEqual([]);
  });

  it('takes an empty value as not given', () => {
    expect(readConfig({ PORT: '', TEMPORAL_ADDRESS: '' }).temporal.address).toBeUndefined();
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '80.5'],
    ['PORT', '70000'],
    ['TOKEN_TTL', '0'],
    ['SEND_RATE', '25'],
    ['CALLBACK_RATE', '25'],
    ['TEMPORAL_ADDRESS', 'http://somewhere'],
    ['ROOT_KEY', 'short'],
    ['CALLBACK_ALLOW_CIDRS', '10.0.0.0'],
    ['LEDGER_URL', 'postgres://x'],
    ['LOG_LEVEL', 'loud'],
    ['PUBLIC_URL', 'ftp://x.example'],
    ['PUBLIC_URL', 'https://x.example/?a'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(InvalidConfiguration);
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}`));
  });

  it('takes the slash off the end of the public URL', () => {
    expect(readConfig({ PUBLIC_URL: 'https://x.example/hooks/' }).publicUrl).toBe('https://x.example/hooks');
  });

  it('says what is allowed, and does not repeat the value', () => {
    expect(() => readConfig({ PORT: 'eighty' })).toThrow('PORT: expected a port from 0 to 65535');
    expect(() => readConfig({ LOG_LEVEL: 'loud' })).toThrow(/^LOG_LEVEL: expected one of trace, /);
  });

  it('never prints the root key', () => {
    const key = 'k'.repeat(40);
    expect(JSON.stringify(maskedConfig(readConfig({ ROOT_KEY: key })))).not.toContain(key);
  });

  it('never prints the secret of the commands', () => {
    const masked = JSON.stringify(maskedConfig(readConfig({ OPTLEDGER_KEY_SECRET: 'a secret word' })));
    expect(masked).not.toContain('a secret word');
    expect(masked).toContain('"keySecret":"••••"');
  });
});
