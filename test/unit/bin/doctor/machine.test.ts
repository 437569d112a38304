import { describe, expect, it } from 'vitest';
import { nodeProblem } from '../../../../bin/cli/node-version.js';
import type { Finding } from '../../../../bin/doctor/finding.js';
import { span } from '../../../../bin/doctor/finding.js';
import { isRunning, judgeInstance, type InstanceSeen } from '../../../../bin/doctor/judge/instance.js';
import {
  judgeDataDir,
  judgeDisk,
  judgeFileSystem,
  judgeModes,
} from '../../../../bin/doctor/judge/machine.js';
import { judgeHost, judgePort, judgePublicUrl } from '../../../../bin/doctor/judge/network.js';
import { holderIn } from '../../../../bin/doctor/lock-holder.js';

const MB = 1024 ** 2;
const levels = (...found: readonly Finding[]): string[] => found.map(({ level }) => level);

describe('the machine', () => {
  it.each([
    ['20.20.2', true],
    ['22.19.0', true],
    ['24.0.0', false],
    ['26.1.0', false],
  ])('Node %s: too old is %s', (version, tooOld) => {
    expect(nodeProblem(version) !== undefined).toBe(tooOld);
  });

  it.each([
    [{ kind: 'folder', writable: true }, 'ok'],
    [{ kind: 'absent', writable: true }, 'ok'],
    [{ kind: 'absent', writable: false }, 'fault'],
    [{ kind: 'folder', writable: false }, 'fault'],
    [{ kind: 'other', writable: true }, 'fault'],
  ] as const)('data folder %j: %s', (folder, level) => {
    expect(judgeDataDir({ path: '/srv/o', ...folder }).level).toBe(level);
  });

  it.each([
    [0o100600, 'ok'],
    [0o100640, 'warning'],
    [0o100644, 'fault'],
    [0o100602, 'fault'],
  ])('mode %o of a secret: %s', (mode, level) => {
    expect(levels(...judgeModes([{ path: '/srv/o/root.key', mode }]))).toEqual([level]);
  });

  it.each([
    [99 * MB, 'fault', '99 MB'],
    [100 * MB, 'warning', '100 MB'],
    [1023 * MB, 'warning', '1023 MB'],
    [1024 * MB, 'ok', '1024 MB'],
    [40 * 1024 * MB, 'ok', '40 GB'],
  ])('%d bytes free: %s', (free, level, shown) => {
    expect(judgeDisk(free)).toMatchObject({ level, text: `${shown} free for DATA_DIR` });
  });

  it.each([
    [0xef53, 'ok'],
    [0x01021994, 'ok'],
    [0x6969, 'fault'],
    [0xff534d42, 'fault'],
    // As a signed number, which some systems give.
    [0xff534d42 | 0, 'fault'],
    [0x65735546, 'warning'],
  ])('file system %d: %s', (type, level) => {
    expect(judgeFileSystem(type).level).toBe(level);
  });
});

describe('the lock, as Linux lists it', () => {
  const LOCKS = `1: POSIX  ADVISORY  READ 11 fe:00:7 1073741824 1073742335
2: POSIX  ADVISORY  WRITE 12 fe:00:70 1073741824 1073742335
3: POSIX  ADVISORY  WRITE 13 fe:00:7 124 124
4: POSIX  ADVISORY  WRITE 14 fe:00:7 1073741824 1073742335
`;
  it('is held by whoever has the whole range to write', () => {
    expect(holderIn(LOCKS, 7n)).toBe(14);
    expect(holderIn(LOCKS, 70n)).toBe(12);
    expect(holderIn(LOCKS, 8n)).toBeUndefined();
    expect(holderIn('', 7n)).toBeUndefined();
  });
});

describe('an instance', () => {
  const seen: InstanceSeen = { holder: undefined, url: 'http://127.0.0.1:8080', answer: 'none', missing: [] };
  it.each([
    [{}, 'ok', false],
    [{ holder: 7, answer: 'ready' }, 'ok', true],
    [{ holder: 7, answer: 'starting' }, 'warning', true],
    [{ holder: 7, answer: 'degraded', missing: ['temporal'] }, 'fault', true],
    [{ holder: 7, answer: 'none' }, 'fault', true],
    [{ holder: 7, answer: 'other' }, 'fault', true],
    // Where the system does not list locks.
    [{ answer: 'ready' }, 'ok', true],
  ] as const)('%j: %s', (more, level, running) => {
    expect(judgeInstance({ ...seen, ...more }).level).toBe(level);
    expect(isRunning({ ...seen, ...more })).toBe(running);
  });
});

describe('the network', () => {
  it.each([
    [undefined, 'ok', undefined],
    ['EADDRINUSE', 'fault', /set PORT/],
    ['EACCES', 'fault', /1024/],
    ['EADDRNOTAVAIL', 'fault', /set HOST/],
    ['ENOTFOUND', 'fault', /set HOST/],
    ['EWHATEVER', 'fault', /HOST and PORT/],
  ])('listening ends with %s: %s', (code, level, remedy) => {
    const found = judgePort('127.0.0.1', 80, code);
    expect(found.level).toBe(level);
    if (remedy !== undefined) expect(found.remedy).toMatch(remedy);
  });

  it('beyond loopback wants a public URL', () => {
    expect(judgeHost('127.0.0.1', undefined).level).toBe('ok');
    expect(judgeHost('0.0.0.0', 'https://consent.example.com').level).toBe('ok');
    expect(judgeHost('0.0.0.0', undefined)).toMatchObject({
      level: 'warning',
      remedy: expect.stringMatching(/PUBLIC_URL/) as string,
    });
  });

  it.each([
    ['https://consent.example.com', 'live', ['ok']],
    ['https://consent.example.com/sms', null, ['ok']],
    ['http://consent.example.com', 'live', ['warning', 'ok']],
    ['http://127.0.0.1:8080', 'live', ['ok']],
    ['https://consent.example.com', 'no-answer', ['fault']],
    ['https://consent.example.com', 'not-ours', ['fault']],
    ['https://consent.example.com', 'no-such-host', ['fault']],
  ] as const)('public URL %s that is %s: %j', (url, answer, expected) => {
    expect(levels(...judgePublicUrl(url, answer))).toEqual(expected);
  });

  it('says nothing of a public URL that is not set', () => {
    expect(judgePublicUrl(undefined, null)).toEqual([]);
  });
});

describe('spans of time', () => {
  it.each([
    [1_400, '1 s'],
    [-90_000, '90 s'],
    [10 * 60_000, '10 min'],
    [5 * 3_600_000, '5 h'],
    [72 * 3_600_000, '3 days'],
  ])('%d ms are %s', (ms, said) => {
    expect(span(ms)).toBe(said);
  });
});
