import { Argument, type Command } from 'commander';
import { commandTree } from './tree.js';
import { completionScript, SHELLS, type Shell } from '../completion.js';
import { examples, type CliContext } from '../context.js';

export function addCompletion(program: Command, { out }: CliContext): void {
  program
    .command('completion')
    .description('print a script that completes commands and options on Tab')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      examples(
        'source <(optledger completion bash)                       # this shell; ~/.bashrc for all',
        'optledger completion zsh > "${fpath[1]}/_optledger"       # then start a new shell',
        'optledger completion fish > ~/.config/fish/completions/optledger.fish',
      ),
    )
    .action((shell: Shell) => {
      out.raw(completionScript(shell, commandTree(program)));
    });
}
