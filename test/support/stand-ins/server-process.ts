import { resolve } from 'node:path';
import { answerParent, startAskedChild } from '../instance/asked-child.js';
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
  const child = startAskedChild<Ask>(resolve(import.meta.dirname, 'server-process-main.ts'));
  const { url, port } = (await child.ask({ op: 'start', options })) as { url: string; port: number };
  return {
    url,
    port,
    pid: child.pid,
    script: async (...steps) => {
      await child.ask({ op: 'script', steps });
    },
    requests: async (from = 0) => (await child.ask({ op: 'requests', from })) as readonly Received[],
    count: async () => Number(await child.ask({ op: 'count' })),
    down: async () => {
      await child.ask({ op: 'down' });
    },
    up: async () => {
      await child.ask({ op: 'up' });
    },
    stop: () => child.end(),
  };
}

/** The child's side: answers its parent until that goes away. */
export function serveParent(): void {
  let server: ScriptedServer | undefined;
  answerParent<Ask>(async (ask) => {
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
  });
}
