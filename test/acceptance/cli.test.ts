import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from '../../bin/machine/free-ports.js';
import { runCli, type CliRun } from '../support/cli/cli.js';
import { inOneProcess } from '../support/instance/in-one-process.js';
import { newDataDir, startInstance, type Instance } from '../support/instance/instance.js';
import { inbound, registerWebhook } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

const describe = inOneProcess("the commands' own start, stop and files are one process's");

const PERSON = '46700000001';
const STRANGER = '46700000002';

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let webhookId: string;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance();
  webhookId = await registerWebhook(instance, `${receiver.url}/hook`, { secret: 'a secret of the receiver' });
});
afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

/** On the data folder of the instance, as somebody who has just started it. */
const cli = (...args: readonly string[]): Promise<CliRun> => runCli(args, { DATA_DIR: instance.dataDir });
async function json<T = Record<string, unknown>>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await cli(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}
const longest = (text: string): number =>
  Math.max(...text.split('\n').map((line) => Array.from(line).length));

const LEAVES = [
  ...['start', 'demo', 'apps list', 'apps show', 'apps create', 'contact', 'check'],
  ...['keys list', 'keys create', 'keys rotate', 'keys revoke'],
  ...['callbacks list', 'callbacks show', 'callbacks retry', 'views rebuild', 'reactor set'],
  ...['config', 'doctor', 'hunt', 'completion'],
];

describe('help', () => {
  it('names every command, and the exit codes', async () => {
    const { code, stdout } = await cli('--help');
    expect(code).toBe(0);
    for (const leaf of LEAVES) expect(stdout).toMatch(new RegExp(`^  ${leaf.split(' ')[0] ?? ''}\\b`, 'm'));
    expect(stdout).toMatch(/Exit codes:\n {2}0 .+1 [^]+4 /);
    expect(longest(stdout)).toBeLessThanOrEqual(100);
  });

  it.each(LEAVES)('of %s has an example and fits a terminal', async (leaf) => {
    const { code, stdout } = await cli(...leaf.split(' '), '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: optledger ${leaf}`);
    expect(stdout).toMatch(/\nExamples:\n.*optledger /);
    expect(longest(stdout)).toBeLessThanOrEqual(100);
  });

  it('is in every completion: no command is forgotten', async () => {
    const { stdout } = await cli('completion', 'bash');
    const known = LEAVES.map((leaf) => `/${leaf.replace(' ', '/')}`);
    const named = [...stdout.matchAll(/^ {4}'(\/[^']+)'\)/gm)].map(([, path]) => path ?? '');
    const leaves = named.filter((path) => !named.some((other) => other.startsWith(`${path}/`)));
    expect(leaves.filter((path) => !/^\/(backup|restore|copy)/.test(path)).toSorted()).toEqual(
      known.toSorted(),
    );
  });
});

describe('wrong usage', () => {
  it.each([
    [['nonsense'], /unknown command/],
    [['apps', 'list', '--nonsense'], /unknown option/],
    [['apps', 'show'], /missing required argument/],
    [['check', PERSON, '--type', 'spam'], /Allowed choices are marketing/],
    [['keys', 'create', 'crm'], /--scope/],
    [['reactor', 'set', '--at', 'nowhere'], /`end` or a position/],
    [['completion', 'cmd'], /Allowed choices are bash, zsh, fish/],
    [['apps', 'list', '--url', 'ftp://x'], /http or https URL/],
    [['apps', 'list', '--url', 'http://127.0.0.1:9'], /give --key-id .* is for the instance that wrote it/],
    [['apps', 'list', '--key-id', 'k'], /--key-secret-file <file>/],
    [['apps', 'list', '--key-id', 'k', '--key-secret-file', '/nowhere'], /cannot be read: \/nowhere/],
  ])('%j ends with 2', async (args, said) => {
    const { code, stdout, stderr } = await cli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain(PERSON);
  });

  it('of the environment ends with 2 and names the variable', async () => {
    const { code, stderr } = await runCli(['config'], { PORT: 'eighty' });
    expect(code).toBe(2);
    expect(stderr).toContain('PORT: expected a port from 0 to 65535');
  });

  it('without any instance says what to give', async () => {
    const { code, stderr } = await runCli(['apps', 'list'], { DATA_DIR: newDataDir() });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--key-id or OPTLEDGER_KEY_ID, or set DATA_DIR/);
  });
});

describe('an instance that does not answer, or refuses', () => {
  it('nobody there: 3', async () => {
    const [port = 0] = await freePorts(1, '127.0.0.1');
    const url = `http://127.0.0.1:${String(port)}`;
    const { code, stderr } = await cli('apps', 'list', '--url', url, '--key-id', 'k', '--key-secret', 's');
    expect([code, stderr]).toEqual([
      3,
      `✗ no instance answers at ${url} (ECONNREFUSED): start one with \`optledger start\`, correct --url, or ask \`optledger doctor\`\n`,
    ]);
  });

  it('a wrong secret: 1, and the secret is not said', async () => {
    const { code, stderr } = await cli(
      'apps',
      'list',
      '--key-id',
      instance.keyId,
      '--key-secret',
      'a wrong one',
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/not valid: check --key-id/);
    expect(stderr).not.toContain('a wrong one');
  });

  it('an app that is not there: 1', async () => {
    const { code, stderr } = await cli('apps', 'show', 'nowhere');
    expect([code, stderr]).toEqual([1, '✗ app not found\n']);
  });
});

describe('apps', () => {
  it('are made, listed and shown', async () => {
    const made = await json<{ id: string }>(
      'apps',
      'create',
      'Spring sale',
      '--channel',
      'sms',
      '--channel',
      'WHATSAPP',
    );
    const list = await cli('apps', 'list');
    expect(list.stdout).toMatch(/^id +name +mode +channels\ndemo +Demo +DISPATCH +SMS, WHATSAPP\n/);
    expect(list.stdout).toMatch(new RegExp(`^${made.id} +Spring sale +\\w+ +SMS, WHATSAPP$`, 'm'));
    expect((await cli('apps', 'show', made.id)).stdout).toMatch(/leaves by +simulator\n\nno webhook/);
  });

  it('show their webhooks without the secret', async () => {
    const { stdout } = await cli('apps', 'show', 'demo');
    expect(stdout).toMatch(/consents +PRIMARY/);
    expect(stdout).toMatch(new RegExp(`^${webhookId} +yes +http://127`, 'm'));
    expect(longest(stdout)).toBeLessThanOrEqual(100);
    const shown = JSON.stringify(await json('apps', 'show', 'demo'));
    expect(shown).toContain('"secret":"••••"');
    expect(shown).not.toContain('a secret of the receiver');
  });
});

describe('keys', () => {
  interface Key {
    readonly key_id: string;
    readonly key_secret: string;
    readonly scopes: string[];
  }

  it('are made, used by file or environment, rotated and revoked', async () => {
    const made = await json<Key>('keys', 'create', 'crm', '--scope', 'read', '--scope', 'send');
    expect(made.scopes).toEqual(['read', 'send']);
    const secretFile = join(mkdtempSync(join(tmpdir(), 'optledger-cli-')), 'secret');
    writeFileSync(secretFile, `${made.key_secret}\n`);
    chmodSync(secretFile, 0o600);
    const byFile = ['--key-id', made.key_id, '--key-secret-file', secretFile];
    expect((await cli('apps', 'list', ...byFile)).code).toBe(0);
    const forbidden = await cli('keys', 'list', ...byFile);
    expect([forbidden.code, forbidden.stderr]).toEqual([1, expect.stringMatching(/scope/)]);
    const environment = {
      ...{ OPTLEDGER_URL: instance.url, OPTLEDGER_PROJECT: instance.projectId },
      ...{ OPTLEDGER_KEY_ID: made.key_id, OPTLEDGER_KEY_SECRET_FILE: secretFile },
    };
    expect((await runCli(['apps', 'list'], environment)).code).toBe(0);

    const next = await json<Key>('keys', 'rotate', made.key_id);
    expect(next.scopes).toEqual(made.scopes);
    expect((await cli('apps', 'list', ...byFile)).code).toBe(0);
    expect(await json('keys', 'revoke', made.key_id)).toEqual({ key_id: made.key_id, revoked: true });
    expect((await cli('apps', 'list', ...byFile)).code).toBe(1);
    const last = await json<Key>('keys', 'rotate', next.key_id, '--revoke');
    const { stdout } = await cli('keys', 'list');
    expect(stdout).toContain(last.key_id);
    expect(stdout).not.toContain(next.key_id);
    expect(stdout).not.toContain(last.key_secret);
    expect(longest(stdout)).toBeLessThanOrEqual(100);
  });

  it('the last admin key stays: 1', async () => {
    const { code, stderr } = await cli('keys', 'revoke', instance.keyId);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/admin/)]);
  });
});

describe('one person', () => {
  beforeAll(async () => {
    await inbound(instance, PERSON, 'STOP');
  });

  it('may not be sent to: check ends with 4 and names the event; anybody else with 0', async () => {
    const blocked = await cli('check', `+${PERSON}`, '--type', 'marketing');
    expect([blocked.code, blocked.stderr]).toEqual([4, '']);
    expect(blocked.stdout).toMatch(
      /^allowed +no\nreason +RECIPIENT_NOT_OPTED_IN\nlist +OPT_OUT_ALL\ndecided by +\S+\n/,
    );
    expect((await cli('check', STRANGER, '--type', 'marketing', '--json')).stdout).toMatch(
      /^\{"allowed":true,/,
    );
    expect((await cli('check', PERSON, '--at', '2020-01-01T00:00:00Z')).code).not.toBe(0);
  });

  it('goes into no log of the instance', () => {
    expect(instance.output()).not.toContain(PERSON);
  });
});

describe('what works on a stopped folder', () => {
  it('is refused while an instance runs: 1, with what helps', async () => {
    for (const args of [['views', 'rebuild'], ['hunt'], ['reactor', 'set', '--at', 'end']]) {
      const { code, stderr } = await cli(...args);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/another process uses this ledger .* stop it/),
      ]);
    }
  });

  it('start runs an instance, a second one is refused, SIGTERM ends it; then views and reactor can be set', async () => {
    const dataDir = newDataDir();
    const settings = { DATA_DIR: dataDir };
    const started = spawn('node_modules/.bin/node', ['dist/bin/cli.js', 'start'], {
      env: { ...process.env, ...settings },
    });
    let said = '';
    started.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await waitFor('ready', () => said.includes('optledger is ready'), 60_000);
    const second = await runCli(['start'], settings);
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringMatching(/give this one its own DATA_DIR/),
    ]);
    started.kill('SIGTERM');
    expect(await once(started, 'exit')).toEqual([0, null]);

    expect((await runCli(['hunt'], settings)).stdout).toBe('everybody who asked was heard\n');
    expect((await runCli(['views', 'rebuild'], settings)).stdout).toMatch(/^position +4\n$/);
    expect((await runCli(['reactor', 'set', '--at', 'end', '--json'], settings)).stdout).toBe(
      '{"after":"4"}\n',
    );
    const beyond = await runCli(['reactor', 'set', '--at', '5'], settings);
    expect([beyond.code, beyond.stderr]).toEqual([1, '✗ the ledger ends at position 4\n']);
  });
});

describe('programs and settings', () => {
  it('demo plays the story to its end', async () => {
    const { code, stdout } = await runCli(['demo'], {});
    expect(code).toBe(0);
    expect(stdout).toMatch(/0 with an invalid signature\n$/);
  });

  it('config masks secrets, on both ways', async () => {
    const settings = { ROOT_KEY: 'k'.repeat(44), OPTLEDGER_KEY_SECRET: 'word of mouth' };
    for (const args of [['config'], ['config', '--json'], ['--json', 'config']]) {
      const { code, stdout } = await runCli(args, settings);
      expect(code).toBe(0);
      expect(stdout).toContain('••••');
      expect(stdout).not.toMatch(/kkkk|word of mouth/);
    }
  });

  it.each(['bash', 'zsh', 'fish'])('completion for %s names the commands', async (shell) => {
    const { code, stdout } = await cli('completion', shell);
    expect(code).toBe(0);
    for (const word of ['doctor', 'rotate', 'json']) expect(stdout).toContain(word);
    if (shell === 'bash') execFileSync('bash', ['-n'], { input: stdout });
  });
});
