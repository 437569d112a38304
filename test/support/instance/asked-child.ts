import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A TypeScript program in a process of its own that answers its parent; it ends with this one at the latest. */
export interface AskedChild<Question extends object> {
  readonly pid: number;
  /** @throws when the process has ended */
  ask(question: Question): Promise<unknown>;
  end(signal?: NodeJS.Signals): Promise<void>;
}

interface Asked {
  readonly id: number;
}

/** @param flags for Node, before the program */
export function startAskedChild<Question extends object>(
  entry: string,
  flags: readonly string[] = [],
): AskedChild<Question> {
  const child: ChildProcess = spawn(process.execPath, [...flags, '--import', 'tsx', entry], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  let asked = 0;
  child.on('message', ({ id, answer }: Asked & { readonly answer: unknown }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const ended = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    ask(question) {
      const id = ++asked;
      const answer = new Promise<unknown>((done) => waiting.set(id, done));
      child.send({ id, ...question });
      return Promise.race([answer, ended.then(() => Promise.reject(new Error('the server process ended')))]);
    },
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

/** The child's side: answers one question after the other until its parent goes away. */
export function answerParent<Question extends object>(answer: (question: Question) => unknown): void {
  process.on('message', (asked: Question & Asked) => {
    void Promise.resolve(answer(asked)).then((answered) =>
      process.send?.({ id: asked.id, answer: answered ?? null }),
    );
  });
  process.on('disconnect', () => process.exit());
}
