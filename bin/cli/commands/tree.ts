import type { Command } from 'commander';

/** A command as completion needs it. */
export interface CommandNode {
  /** `/keys/list`; empty for the program. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** Long forms, e.g. `--json`. */
  readonly options: readonly { readonly name: string; readonly description: string }[];
}

/** Lists every command, the program first. */
export function commandTree(program: Command): readonly CommandNode[] {
  const shared = optionsOf(program);
  const walk = (command: Command, path: string): CommandNode[] => [
    {
      path,
      commands: command.commands.map((one) => ({
        name: one.name(),
        description: firstLine(one.description()),
      })),
      options: path === '' ? shared : [...optionsOf(command), ...shared],
    },
    ...command.commands.flatMap((one) => walk(one, `${path}/${one.name()}`)),
  ];
  return walk(program, '');
}

function optionsOf(command: Command): CommandNode['options'] {
  return command.options.flatMap(({ long, description }) =>
    long === undefined ? [] : [{ name: long, description: firstLine(description) }],
  );
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
