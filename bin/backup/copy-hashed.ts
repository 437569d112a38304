import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

const CHUNK = 1_048_576;

export interface Hashed {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

type OnBytes = (done: number, of: number) => void;

/** Reads a whole file. */
export async function hashFile(from: string, onBytes?: OnBytes): Promise<Hashed> {
  const source = await open(from, 'r');
  try {
    return await pump(source, onBytes);
  } finally {
    await source.close();
  }
}

/** Copies a file, readable by its owner only; on disk when this resolves. What had the name is overwritten. */
export async function copyHashed(from: string, to: string, onBytes?: OnBytes): Promise<Hashed> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'w', 0o600);
    try {
      const hashed = await pump(source, onBytes, target);
      await target.sync();
      return hashed;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function pump(source: FileHandle, onBytes?: OnBytes, target?: FileHandle): Promise<Hashed> {
  const hash = createHash('sha256');
  const { size } = await source.stat();
  const buffer = Buffer.alloc(CHUNK);
  for (let bytes = 0; ;) {
    const { bytesRead } = await source.read(buffer, 0, CHUNK);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    const part = buffer.subarray(0, bytesRead);
    hash.update(part);
    await target?.writeFile(part);
    bytes += bytesRead;
    onBytes?.(bytes, size);
  }
}
