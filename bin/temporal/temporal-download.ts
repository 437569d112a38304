import { createWriteStream, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { runCommand } from '../machine/run-command.js';
import { inScratchFolder, type FetchOptions } from './temporal-fetch.js';

const ANSWER_MS = 5_000;
const ARCHIVE_MS = 10 * 60_000;
const CPU = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
]);

const downloadInfo = z.object({
  archiveUrl: z.url({ protocol: /^https?$/ }),
  fileToExtract: z.string().min(1),
});

/** Gets the release archive from the place that Temporal's own SDKs ask. */
export async function downloadTemporal(options: FetchOptions): Promise<string | undefined> {
  const { version, say, downloadBase } = options;
  const { platform } = process;
  const cpu = CPU.get(process.arch);
  if (cpu === undefined || platform === 'win32') return `no release that runs on ${platform}/${process.arch}`;
  const { host } = new URL(downloadBase);
  say(`Temporal: asking ${host} for ${version}`);
  try {
    const query = new URLSearchParams({ platform, arch: cpu, format: 'tar.gz' }).toString();
    const answer = await fetch(`${downloadBase}/cli/v${version}?${query}`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) return `${host} answered ${String(answer.status)}`;
    const info = downloadInfo.parse(await answer.json());
    return await inScratchFolder(options.target, 'download-', async (scratch) => {
      const archive = join(scratch, 'archive.tar.gz');
      await saveArchive(info.archiveUrl, archive, options);
      return unpack(archive, info.fileToExtract, options);
    });
  } catch (error) {
    return `${host} is not reachable or not usable (${innermostMessage(error)})`;
  }
}

async function saveArchive(url: string, file: string, { progress }: FetchOptions): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ARCHIVE_MS) });
  if (!answer.ok || answer.body === null)
    throw new Error(`the archive's place answered ${String(answer.status)}`);
  const total = Number(answer.headers.get('content-length') ?? 0);
  let received = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      done(null, chunk);
    },
  });
  const timer = setInterval(() => {
    progress(`Temporal: downloaded ${megabytes(received)}${total > 0 ? ` of ${megabytes(total)}` : ''} MB`);
  }, 2_000);
  try {
    await pipeline(Readable.fromWeb(answer.body), count, createWriteStream(file));
  } finally {
    clearInterval(timer);
  }
}

async function unpack(archive: string, member: string, options: FetchOptions): Promise<string | undefined> {
  const dir = dirname(archive);
  const { code, stderrTail } = await runCommand({
    command: 'tar',
    args: ['-xzf', archive, '-C', dir, member],
    env: { PATH: options.machine.path },
    timeoutMs: 120_000,
  });
  if (code !== 0) return `the archive could not be unpacked (${stderrTail.at(-1) ?? 'no message'})`;
  renameSync(join(dir, member), options.target);
  options.say(`Temporal: downloaded to ${options.target}`);
  return undefined;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

/** `fetch` wraps the error that says something. */
function innermostMessage(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
