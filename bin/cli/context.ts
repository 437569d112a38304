import type { Command } from 'commander';
import type { Config } from '../config.js';
import type { ExitCode } from './exit-codes.js';
import type { Output } from './output.js';

/** The things that every command is given. */
export interface CliContext {
  readonly out: Output;
  /** Read when a command needs it; `changed` sets variables anew. @throws InvalidConfiguration */
  readonly config: (changed?: Readonly<Record<string, string>>) => Config;
  /** Ends with this code although nothing failed. */
  readonly exitWith: (code: ExitCode) => void;
}

/** Adds its commands to the program. */
export type RegisterCommand = (program: Command, context: CliContext) => void;

/** Examples below a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
