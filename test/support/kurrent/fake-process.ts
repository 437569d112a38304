import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { startFakeKurrent, type FakeKurrent } from './fake-server.js';

type Order = 'freeze' | 'thaw' | 'cutSubscriptions' | 'stop' | 'start' | 'count';

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

/** Starts one; it ends with this process at the latest. @param port a free one where none is given */
export async function startFakeKurrentProcess(port = 0): Promise<FakeKurrentProcess> {
  const entry = resolve(import.meta.dirname, 'fake-kurrent-main.ts');
  // A log of a million events takes about two gigabytes.
  const flags = ['--max-old-space-size=6144', '--import', 'tsx'];
  const child = spawn(process.execPath, [...flags, entry, String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const failed = ended.then(() => Promise.reject(new Error('the server process ended')));
  failed.catch(() => undefined);
  const waiting = new Map<number, (answer: unknown) => void>();
  let asked = 0;
  const url = new Promise<string>((done) => {
    child.on('message', (message: { url: string } | { id: number; answer: unknown }) => {
      if ('url' in message) done(message.url);
      else waiting.get(message.id)?.(message.answer);
    });
  });
  const ask = async (order: Order): Promise<unknown> => {
    const id = ++asked;
    const answer = new Promise<unknown>((done) => waiting.set(id, done));
    child.send({ id, order });
    return Promise.race([answer, failed]);
  };
  const obey = (order: Order) => async (): Promise<void> => {
    await ask(order);
  };
  return {
    url: await Promise.race([url, failed]),
    pid: child.pid ?? 0,
    freeze: obey('freeze'),
    thaw: obey('thaw'),
    cutSubscriptions: obey('cutSubscriptions'),
    goAway: obey('stop'),
    comeBack: obey('start'),
    count: async () => Number(await ask('count')),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The child's side: serves, and does what its parent says until that goes away. */
export async function serveFakeKurrent(port: number): Promise<void> {
  const server: FakeKurrent = await startFakeKurrent(port);
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, order }: { id: number; order: Order }) => {
    const done = order === 'count' ? server.log.events.length : server[order]();
    void Promise.resolve(done).then((answer) => process.send?.({ id, answer: answer ?? null }));
  });
  process.send?.({ url: server.url });
}
