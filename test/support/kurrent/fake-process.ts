import { resolve } from 'node:path';
import { answerParent, startAskedChild } from '../instance/asked-child.js';
import { startFakeKurrent, type FakeKurrent } from './fake-server.js';

interface Order {
  readonly op: 'begin' | 'freeze' | 'thaw' | 'cutSubscriptions' | 'stop' | 'start' | 'count';
}

/** The protocol fake in a process of its own: it outlives whatever happens to ours, and errs when it is told to. */
export interface FakeKurrentProcess {
  readonly url: string;
  readonly pid: number;
  /** Stands still, connections stay open. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  cutSubscriptions(): Promise<void>;
  /** Ends all connections and refuses new ones, until `comeBack`. */
  goAway(): Promise<void>;
  /** With the same log and port. */
  comeBack(): Promise<void>;
  /** Events in the log, the server's own included. */
  count(): Promise<number>;
  /** Ends the process; the log is gone with it. */
  stop(): Promise<void>;
}

/** Starts one on a free port; it ends with this process at the latest. */
export async function startFakeKurrentProcess(): Promise<FakeKurrentProcess> {
  const entry = resolve(import.meta.dirname, 'fake-kurrent-main.ts');
  // A log of a million events takes about two gigabytes.
  const child = startAskedChild<Order>(entry, ['--max-old-space-size=6144']);
  const obey = (op: Order['op']) => async (): Promise<void> => {
    await child.ask({ op });
  };
  return {
    url: String(await child.ask({ op: 'begin' })),
    pid: child.pid,
    freeze: obey('freeze'),
    thaw: obey('thaw'),
    cutSubscriptions: obey('cutSubscriptions'),
    goAway: obey('stop'),
    comeBack: obey('start'),
    count: async () => Number(await child.ask({ op: 'count' })),
    stop: () => child.end('SIGKILL'),
  };
}

/** The child's side: serves, and does what its parent says. */
export function serveFakeKurrent(): void {
  let server: Promise<FakeKurrent> | undefined;
  answerParent<Order>(async ({ op }) => {
    server ??= startFakeKurrent();
    const fake = await server;
    switch (op) {
      case 'begin':
        return fake.url;
      case 'count':
        return fake.log.events.length;
      default:
        return fake[op]();
    }
  });
}
