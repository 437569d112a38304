import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { freePorts } from '../machine/free-ports.js';
import { guardedGroupGone, killGuarded, spawnGuarded, type GuardedChild } from '../machine/guarded-child.js';
import { setAsideOtherVersion, waitForPreviousServer } from './temporal-database.js';
import { waitUntilServing, type ServerEnd } from './temporal-health.js';

export interface TemporalServerOptions {
  executable: string;
  /** Version of the executable; a database file of another one is set aside. */
  version?: string;
  /** Absolute path; the file is made where there is none. A pid file stands beside it. */
  dbFile: string;
  /** Address to listen on, 127.0.0.1 where none is given. */
  ip?: string;
  /** Ports; what is not given is chosen free. */
  port?: number;
  uiPort?: number;
  metricsPort?: number;
  httpPort?: number;
  /** Made beside `default`. */
  namespace?: string;
  /** Settings beside ours, `key=JSON`; for tests. */
  dynamicConfig?: readonly string[];
  /** Gets what the server complains of, line by line. Ids only, nothing personal. */
  log?: (line: string) => void;
  /** How long the server may take to answer, 60 s where none is given. */
  readyMs?: number;
  /** How long to wait for the server of a killed start to end, 15 s where none is given: its guard gives it 8 s. */
  previousMs?: number;
  /** How long its orderly end may take before it is killed, 5 s where none is given. */
  stopMs?: number;
}

export interface TemporalServer {
  /** host:port of the gRPC frontend. */
  address: string;
  uiUrl: string;
  /** The database was made by this start: nothing stood in it. */
  beganEmpty: boolean;
  /** The guarding shell, leader of the server's process group. */
  pid: number;
  /** SIGTERM, after `stopMs` SIGKILL. Resolves when nothing is left. */
  stop: () => Promise<void>;
  /** Settles once, when the server ended, asked or not. Never rejects. */
  exited: Promise<ServerEnd>;
}

const ATTEMPTS = 3;

/**
 * By default every hop of a workflow waits for a 50 ms grid. A queue has one partition instead of four: what stands in
 * another partition for 5 s is not handed on any more, and a few workers whose polls wait at others see it up to a
 * minute later (temporalio/temporal#6241).
 */
const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=500',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'system.enableActivityEagerExecution=true',
];
/** Marks a database whose queues have one partition: of an older one the others would not be read any more. */
const LAYOUT = 'one partition';

/**
 * Starts Temporal's development server as a child that ends when this process dies, however it dies, and stands in a
 * process group of its own. Resolves when it answers.
 * @throws DatabaseInUse, or an Error with the server's last lines when it does not come up.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { dbFile, log = () => undefined } = options;
  const pidFile = `${dbFile}.pid`;
  await waitForPreviousServer({ pidFile, dbFile, log, patienceMs: options.previousMs ?? 15_000 });
  if (options.version !== undefined) setAsideOtherVersion(dbFile, `${options.version}, ${LAYOUT}`, log);
  const beganEmpty = !existsSync(dbFile);
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(options);
    const running = launch(options, ports, pidFile, log);
    const failure = await waitUntilServing(
      running.server.address,
      running.server.exited,
      options.readyMs ?? 60_000,
    );
    if (failure === undefined) return { ...running.server, beganEmpty };
    await running.server.stop();
    // A port that was free a moment ago: taken by another program, or by a sibling that starts at the same time.
    const raced = failure.includes('address already in use') && options.port === undefined;
    if (!raced || attempt === ATTEMPTS) throw new Error(`The Temporal server did not come up: ${failure}`);
    log('a chosen port was taken in between; trying others');
  }
}

interface Ports {
  port: number;
  uiPort: number;
  metricsPort: number;
  httpPort: number;
}

async function choosePorts({
  ip,
  port,
  uiPort,
  metricsPort,
  httpPort,
}: TemporalServerOptions): Promise<Ports> {
  const [a = 0, b = 0, c = 0, d = 0] = await freePorts(4, ip ?? '127.0.0.1');
  return { port: port ?? a, uiPort: uiPort ?? b, metricsPort: metricsPort ?? c, httpPort: httpPort ?? d };
}

function launch(
  {
    executable,
    dbFile,
    ip = '127.0.0.1',
    namespace,
    dynamicConfig = [],
    stopMs = 5_000,
  }: TemporalServerOptions,
  ports: Ports,
  pidFile: string,
  log: (line: string) => void,
): { server: Omit<TemporalServer, 'beganEmpty'> } {
  const args = [
    ...['server', 'start-dev', '--ip', ip, '--db-filename', dbFile],
    ...['--port', String(ports.port), '--http-port', String(ports.httpPort)],
    ...['--ui-port', String(ports.uiPort), '--metrics-port', String(ports.metricsPort)],
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...[...DYNAMIC_CONFIG, ...dynamicConfig].flatMap((setting) => ['--dynamic-config-value', setting]),
    ...(namespace === undefined || namespace === 'default' ? [] : ['--namespace', namespace]),
    ...['--log-level', 'error', '--log-format', 'json'],
  ];
  const child = spawnGuarded({ command: executable, args, env: {}, pidFile });
  const exited = watchEnd(child, log);
  const server: Omit<TemporalServer, 'beganEmpty'> = {
    address: `${ip}:${String(ports.port)}`,
    uiUrl: `http://${ip}:${String(ports.uiPort)}`,
    pid: child.pid ?? 0,
    exited,
    stop: () => stop(child, exited, stopMs),
  };
  return { server };
}

function watchEnd(child: GuardedChild, log: (line: string) => void): Promise<ServerEnd> {
  const lastLines: string[] = [];
  const keep = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > 10) lastLines.shift();
  };
  createInterface({ input: child.stdout }).on('line', keep);
  createInterface({ input: child.stderr }).on('line', (line) => {
    keep(line);
    log(line);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: null, signal: null, lastLines: [error.message] });
    });
    child.once('close', (code, signal) => {
      resolve({ code, signal, lastLines });
    });
  });
}

async function stop(child: GuardedChild, exited: Promise<ServerEnd>, limitMs: number): Promise<void> {
  child.stdin.end();
  const timer = setTimeout(() => {
    killGuarded(child);
  }, limitMs);
  await exited;
  clearTimeout(timer);
  await guardedGroupGone(child);
}
