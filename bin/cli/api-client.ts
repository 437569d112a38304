import { z } from 'zod';
import type { InstanceConnection } from './connection.js';
import { CommandFailed, EXIT } from './exit-codes.js';

/** This is longer than the slowest route, `callbacks:retry`, takes. */
const TIMEOUT_MS = 30_000;

const envelope = z.object({ error: z.object({ message: z.string() }) });

/** Makes JSON requests of one project. */
export interface ApiClient {
  readonly connection: InstanceConnection;
  /**
   * @param path below the project, e.g. `/apps`
   * @throws CommandFailed: `unreachable` where nobody answers, else `failed` with what the instance says
   */
  request<T>(shape: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T>;
}

export function createApiClient(connection: InstanceConnection): ApiClient {
  const { url, projectId, keyId, keySecret } = connection;
  const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
  return {
    connection,
    async request(shape, method, path, body) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await ask(url, `/v1/projects/${encodeURIComponent(projectId)}${path}`, {
        ...{ method, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) },
        ...sent,
        headers: { authorization, ...type },
      });
      const text = await answer.text();
      if (!answer.ok) throw refused(answer.status, text);
      const parsed = shape.safeParse(parse(text));
      if (parsed.success) return parsed.data;
      throw new CommandFailed(
        EXIT.failed,
        `${url} gives answers of another kind: is it an optledger of this release?`,
      );
    },
  };
}

async function ask(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url + path, init);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new CommandFailed(
      EXIT.unreachable,
      `no instance answers at ${url}${code}: start one with \`optledger start\`, correct --url, or ask \`optledger doctor\``,
    );
  }
}

function refused(status: number, text: string): CommandFailed {
  const said = envelope.safeParse(parse(text)).data?.error.message ?? `HTTP ${String(status)}`;
  return new CommandFailed(status === 503 ? EXIT.unreachable : EXIT.failed, said + hint(status));
}

function hint(status: number): string {
  switch (status) {
    case 401:
      return ': check --key-id and its secret; `optledger keys list` by another key shows which ones stand';
    case 403:
      return ': use a key of this project with that scope (`optledger keys create --scope …` by an admin key)';
    case 429:
    case 503:
      return ': try again in a few seconds';
    default:
      return '';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `?a=1&b=2` of what is given. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
