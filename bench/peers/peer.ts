import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Call, Calls } from '../calls.js';
import { profilingFlags } from '../profiling.js';

/** A process of this folder, as the one that started it sees it. */
export interface Peer<C extends Calls> {
  readonly pid: number;
  call<K extends keyof C & string>(
    name: K,
    argument: Parameters<C[K]>[0],
  ): Promise<Awaited<ReturnType<C[K]>>>;
  stop(): Promise<void>;
}

export interface PeerOptions {
  /** Set beside our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder for CPU profiles of all its threads. */
  readonly profileTo?: string | undefined;
}

/** Starts `bench/<name>-process.ts`; resolves when it takes calls. */
export async function startPeer<C extends Calls>(
  name: string,
  { environment = {}, profileTo }: PeerOptions = {},
): Promise<Peer<C>> {
  const child = fork(join(import.meta.dirname, `${name}-process.ts`), {
    execArgv: ['--import', 'tsx', ...profilingFlags(profileTo)],
    env: { ...process.env, ...environment },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  const ready = Promise.withResolvers<undefined>();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (message: Answer | 'ready') => {
    if (message === 'ready') ready.resolve(undefined);
    else waiting.get(message.id)?.(message);
  });
  void gone.then(() => {
    const error = `the process ${name} ended`;
    ready.reject(new Error(error));
    for (const [id, settle] of waiting) settle({ id, ok: false, error });
  });
  await ready.promise;
  return {
    pid: child.pid ?? 0,
    call: (call, argument) => callOf(child, waiting, call, argument) as never,
    stop: async () => {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

let lastId = 0;

async function callOf(
  child: ChildProcess,
  waiting: Map<number, (answer: Answer) => void>,
  name: string,
  argument: unknown,
): Promise<unknown> {
  lastId += 1;
  const id = lastId;
  const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
  child.send({ id, name, argument } satisfies Call);
  const answer = await answered;
  waiting.delete(id);
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}
