import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandTree } from '../../../../bin/cli/commands/tree.js';
import { completionScript } from '../../../../bin/cli/completion.js';

function program(): Command {
  const made = new Command('optledger').option('--json', 'JSON');
  const keys = made.command('keys').description(`the project's keys: all of them`);
  keys.command('list').description('list').option('--revoked', 'also revoked ones');
  keys.command('create').description('create');
  made.command('apps').description('apps');
  return made;
}
const tree = commandTree(program());

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): string[] {
  const script = `${completionScript('bash', tree)}
    COMP_WORDS=(optledger "$@"); COMP_CWORD=$#; _optledger; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}

describe('completion', () => {
  it('sees every command with its options and those of the program', () => {
    expect(tree.map(({ path }) => path)).toEqual(['', '/keys', '/keys/list', '/keys/create', '/apps']);
    expect(tree[2]?.options.map(({ name }) => name)).toEqual(['--revoked', '--json']);
  });

  it.each([
    [[''], ['keys', 'apps', '--json', '--help']],
    [['a'], ['apps']],
    [
      ['keys', ''],
      ['list', 'create', '--json', '--help'],
    ],
    [['keys', 'list', '--r'], ['--revoked']],
    [['--json', 'keys', 'c'], ['create']],
  ])('bash offers for %j', (words, choices) => {
    expect(offered(...words)).toEqual(choices);
  });

  it('quotes what a shell would take for its own', () => {
    expect(completionScript('zsh', tree)).toContain(`'keys:the project'\\''s keys\\: all of them'`);
    expect(completionScript('fish', tree)).toContain(`-a keys -d 'the project\\'s keys: all of them'`);
  });
});
