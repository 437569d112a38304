import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Config } from '../../config.js';
import type { InstanceSeen } from '../judge/instance.js';
import { lockHolder } from '../lock-holder.js';

const TIMEOUT_MS = 3_000;

const demoShape = z.object({ url: z.string(), temporalUi: z.string().nullish() });
const readyShape = z.object({ status: z.enum(['ready', 'degraded']), missing: z.array(z.string()) });

/** What `demo.json` says of the instance that wrote it; nothing where it is not there or not readable. */
export function addressesInDemo(file: string): Partial<z.infer<typeof demoShape>> {
  if (!existsSync(file)) return {};
  try {
    return demoShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

/** Whether an instance runs on this folder, and how it is. */
export async function lookAtInstance(config: Config): Promise<InstanceSeen> {
  const holder = lockHolder(config.lockFile);
  const url = localUrl(config);
  if (url === undefined || (holder === undefined && !mayAnswer(config))) {
    return { holder, url, answer: 'none', missing: [] };
  }
  return { holder, url, ...(await askReady(url)) };
}

/** Where Linux tells who holds the lock, nobody holds it, and so what answers there is another program. */
function mayAnswer({ lockFile }: Config): boolean {
  return existsSync(lockFile) && !existsSync('/proc/locks');
}

function localUrl({ host, port, demoFile }: Config): string | undefined {
  if (port === undefined || port === 0) return addressesInDemo(demoFile).url;
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const name = everywhere[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${String(port)}`;
}

async function askReady(url: string): Promise<Pick<InstanceSeen, 'answer' | 'missing'>> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.status === 503) return { answer: 'starting', missing: [] };
    const { status, missing } = readyShape.parse(await answer.json());
    return { answer: status, missing };
  } catch (error) {
    return { answer: error instanceof TypeError || isTimeout(error) ? 'none' : 'other', missing: [] };
  }
}

const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError';
