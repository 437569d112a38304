import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import {
  startScriptedServer,
  type Received,
  type ScriptedServer,
  type ServerOptions,
  type Step,
} from './scripted-server.js';

/** What the parent asks; the child answers each with its id. */
type Ask =
  | { readonly op: 'start'; readonly options: Pick<ServerOptions, 'port'> }
  | { readonly op: 'script'; readonly steps: readonly Step[] }
  | { readonly op: 'requests'; readonly from: number }
  | { readonly op: 'count' | 'down' | 'up' };

/** A scripted server in a process of its own: it survives what happens to ours, and costs our loop nothing. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  script(...steps: readonly Step[]): Promise<void>;
  /** Requests from the given number on, oldest first. */
  requests(from?: number): Promise<readonly Received[]>;
  count(): Promise<number>;
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function startServerProcess(options: Pick<ServerOptions, 'port'> = {}): Promise<ServerProcess> {
  const entry = resolve(import.meta.dirname, 'server-process-main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  let asked = 0;
  child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const ended = once(child, 'exit');
  const ask = (question: Ask): Promise<unknown> => {
    const id = ++asked;
    const answer = new Promise<unknown>((done) => waiting.set(id, done));
    child.send({ id, ...question });
    return Promise.race([answer, ended.then(() => Promise.reject(new Error('the server process ended')))]);
  };
  const { url, port } = (await ask({ op: 'start', options })) as { url: string; port: number };
  return {
    url,
    port,
    pid: child.pid ?? 0,
    script: async (...steps) => {
      await ask({ op: 'script', steps });
    },
    requests: async (from = 0) => (await ask({ op: 'requests', from })) as readonly Received[],
    count: async () => Number(await ask({ op: 'count' })),
    down: async () => {
      await ask({ op: 'down' });
    },
    up: async () => {
      await ask({ op: 'up' });
    },
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** The child's side: answers its parent until that goes away. */
export function serveParent(): void {
  let server: ScriptedServer | undefined;
  const act = async (ask: Ask): Promise<unknown> => {
    if (ask.op === 'start') {
      server = await startScriptedServer(ask.options);
      return { url: server.url, port: server.port };
    }
    switch (ask.op) {
      case 'script':
        server?.script(...ask.steps);
        return null;
      case 'requests':
        return server?.requests.slice(ask.from);
      case 'count':
        return server?.requests.length;
      case 'down':
        return server?.down();
      case 'up':
        return server?.up();
    }
  };
  process.on('message', (ask: Ask & { id: number }) => {
    void act(ask).then((reply) => process.send?.({ id: ask.id, answer: reply ?? null }));
  });
  process.on('disconnect', () => process.exit());
}
