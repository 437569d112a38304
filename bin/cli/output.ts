/** Takes a command's words. */
export interface Output {
  /** The result: JSON where `--json` was asked for, else the lines for people. */
  result(value: unknown, lines: () => readonly string[]): void;
  /** Exactly this text as the result, e.g. a script. */
  raw(text: string): void;
  /** What the reader should know beside the result; to standard error, so that pipes stay clean. */
  say(line: string): void;
}

interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

export function createOutput({ stdout, stderr }: Streams, json: () => boolean): Output {
  return {
    result: (value, lines) => {
      stdout.write(`${json() ? JSON.stringify(value) : lines().join('\n')}\n`);
    },
    raw: (text) => {
      stdout.write(text);
    },
    say: (line) => {
      stderr.write(`${line}\n`);
    },
  };
}
