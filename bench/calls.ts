// A measuring process answers calls over the channel to whoever forked it, and ends with it.

/** What a process can be asked for; each takes one argument. */
export type Calls = Readonly<Record<string, (argument: never) => unknown>>;

export interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}
export type Answer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };

/** Answers the calls of the process that forked this one. */
export function answerCalls(calls: Calls): void {
  const answer = async ({ id, name, argument }: Call): Promise<Answer> => {
    try {
      const made = calls[name] as ((given: unknown) => unknown) | undefined;
      if (made === undefined) throw new Error(`no call ${name}`);
      return { id, ok: true, result: await made(argument) };
    } catch (error) {
      return { id, ok: false, error: error instanceof Error ? error.message : 'unknown fault' };
    }
  };
  process.on('message', (call: Call) => {
    void answer(call).then((made) => process.send?.(made));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}
