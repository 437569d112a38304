import { createServer } from 'node:net';
import { z } from 'zod';
import type { Config } from '../../config.js';
import type { Finding } from '../finding.js';
import { judgeHost, judgePort, judgePublicUrl, type PublicAnswer } from '../judge/network.js';

const TIMEOUT_MS = 5_000;
const liveShape = z.object({ status: z.literal('live') });

/** @param running whether an instance has the port and answers at the public URL */
export async function lookAtNetwork({ host, port, publicUrl }: Config, running: boolean): Promise<Finding[]> {
  return [
    ...(running ? [] : [judgePort(host, port, await listenError(host, port ?? 0))]),
    judgeHost(host, publicUrl),
    ...judgePublicUrl(publicUrl, publicUrl !== undefined && running ? await askPublic(publicUrl) : null),
  ];
}

/** Listens for a moment. @returns the code of the error, undefined where it works */
function listenError(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? 'unknown');
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}

async function askPublic(publicUrl: string): Promise<PublicAnswer> {
  try {
    const answer = await fetch(`${publicUrl}/health/live`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return liveShape.safeParse(await answer.json()).success ? 'live' : 'not-ours';
  } catch (error) {
    if (error instanceof SyntaxError) return 'not-ours';
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND'
      ? 'no-such-host'
      : 'no-answer';
  }
}
