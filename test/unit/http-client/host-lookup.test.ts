import { describe, expect, it } from 'vitest';
import { sharedLookup, systemLookup } from '../../../http-client/host-lookup.js';

const ADDRESS = [{ address: '192.0.2.1', family: 4 }];

function counted(answer: () => Promise<typeof ADDRESS>) {
  const clock = { ms: 0 };
  const asked: string[] = [];
  const inner = (hostname: string) => {
    asked.push(hostname);
    return answer();
  };
  return { lookup: sharedLookup(inner, () => clock.ms), clock, asked };
}

describe('shared look-up', () => {
  it('asks once per name while an answer is fresh', async () => {
    const { lookup, clock, asked } = counted(() => Promise.resolve(ADDRESS));
    expect(await lookup('a')).toBe(ADDRESS);
    clock.ms = 4_999;
    await lookup('a');
    await lookup('b');
    expect(asked).toEqual(['a', 'b']);
    clock.ms = 5_000;
    await lookup('a');
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('never asks twice at the same time, however long it takes', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof ADDRESS>();
    const { lookup, clock, asked } = counted(() => promise);
    const first = lookup('a');
    clock.ms = 60_000;
    const second = lookup('a');
    resolve(ADDRESS);
    expect([await first, await second]).toEqual([ADDRESS, ADDRESS]);
    expect(asked).toEqual(['a']);
  });

  it('shares a failure too, and asks again later', async () => {
    const { lookup, clock, asked } = counted(() => Promise.reject(new Error('no such name')));
    await expect(lookup('a')).rejects.toThrow('no such name');
    await expect(lookup('a')).rejects.toThrow('no such name');
    clock.ms = 5_000;
    await expect(lookup('a')).rejects.toThrow('no such name');
    expect(asked).toEqual(['a', 'a']);
  });

  it('does not remember more names than there is room for', async () => {
    const { lookup, asked } = counted(() => Promise.resolve(ADDRESS));
    for (let i = 0; i < 10_001; i++) await lookup(`host-${String(i)}`);
    await lookup('host-0');
    expect(asked).toHaveLength(10_002);
  });
});

describe('system look-up', () => {
  it('knows this machine, and rejects with a code what is no name', async () => {
    const addresses = await systemLookup('localhost');
    expect(addresses.map(({ address }) => address)).toContain('127.0.0.1');
    await expect(systemLookup('no-such-name.invalid')).rejects.toHaveProperty('code');
  });
});
