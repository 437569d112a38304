/** The exit codes of commands; scripts rely on them. */
export const EXIT = {
  /** Done; the answer is yes. */
  ok: 0,
  /** Refused, or it failed, or `doctor` found a fault. */
  failed: 1,
  /** The command line or a setting of the environment is wrong; nothing was tried. */
  usage: 2,
  /** No instance answers at the address. */
  unreachable: 3,
  /** `check`: the message would not leave. */
  blocked: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An end that the user can do something about; the message says what. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly code: ExitCode;
  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const EXIT_HELP = `
Exit codes:
  0  done              1  refused or failed; doctor: something is ✗
  2  wrong usage       3  no instance answers
  4  check: the message would not leave`;
