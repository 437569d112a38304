import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { monotonicMs, systemClock } from '../machine/system-clock.js';

const SERVICE = 'temporal.api.workflowservice.v1.WorkflowService';
/** `grpc.health.v1.HealthCheckResponse.ServingStatus` */
const SERVING = 1;

/** How a server ended, asked or not. */
export interface ServerEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines it wrote. */
  lastLines: string[];
}

/**
 * Asks until the frontend answers that it serves.
 * @returns undefined then; else, when the server ended or time ran out, what is known of the cause.
 */
export async function waitUntilServing(
  address: string,
  exited: Promise<ServerEnd>,
  limitMs: number,
): Promise<string | undefined> {
  let ended: ServerEnd | undefined;
  void exited.then((end) => {
    ended = end;
  });
  const connection = Connection.lazy({ address });
  const deadline = monotonicMs() + limitMs;
  try {
    while (monotonicMs() < deadline) {
      if (await isServing(connection)) return undefined;
      if (ended !== undefined) return describeEnd(ended);
      await sleep(50);
    }
    return `no answer within ${String(limitMs / 1000)} s`;
  } finally {
    await connection.close();
  }
}

/** One question, answered within a second. */
export async function isServing(connection: Connection): Promise<boolean> {
  try {
    const check = (): ReturnType<typeof connection.healthService.check> =>
      connection.healthService.check({ service: SERVICE });
    const { status } = await connection.withDeadline(systemClock.now() + 1_000, check);
    return (status as number) === SERVING;
  } catch {
    return false;
  }
}

function describeEnd({ code, signal, lastLines }: ServerEnd): string {
  return [`ended with ${signal ?? `code ${String(code)}`}`, ...lastLines].join('\n');
}
