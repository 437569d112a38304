import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupUnusable } from './errors.js';

/** Names inside a backup. */
export const FILES = { manifest: 'manifest.json', ledger: 'ledger.db', rootKey: 'root.key' } as const;

/** This number goes up when an older release could not restore what is written. */
const FORMAT = 1;

const file = z.object({
  bytes: z.int().min(1),
  /** Hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
});

const shape = z.object({
  format: z.literal(FORMAT),
  /** Release of optledger that made the backup. */
  version: z.string(),
  /** RFC 3339 UTC: everything acknowledged before this is in it. */
  madeAt: z.iso.datetime(),
  ledger: file.extend({
    id: z.string().min(1),
    /** Decimal text. */
    lastPosition: z.string().regex(/^\d{1,18}$/, 'expected a position'),
    lastEventId: z.string().min(1),
  }),
  /** Null where the key is kept somewhere else. */
  rootKey: file.nullable(),
});

/** What a backup says of itself. No secrets: hashes, counts and ids only. */
export type Manifest = z.infer<typeof shape>;

export function newManifest(content: Omit<Manifest, 'format'>): string {
  return `${JSON.stringify({ format: FORMAT, ...content }, null, 2)}\n`;
}

/** Reads a manifest. @throws BackupUnusable when the folder is no backup, or one of a newer release */
export function readManifest(folder: string): Manifest {
  const raw = parse(read(folder), folder);
  if (typeof raw === 'object' && raw !== null && 'format' in raw && Number(raw.format) > FORMAT) {
    throw new BackupUnusable(`${folder} was made by a newer release: restore it with that one`);
  }
  const parsed = shape.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BackupUnusable(
    `${folder}/${FILES.manifest} is not a manifest of optledger: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

function read(folder: string): string {
  try {
    return readFileSync(join(folder, FILES.manifest), 'utf8');
  } catch {
    throw new BackupUnusable(
      `${folder} is not a whole backup: it has no readable ${FILES.manifest}, which \`optledger backup\` writes last`,
    );
  }
}

function parse(text: string, folder: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BackupUnusable(`${folder}/${FILES.manifest} is damaged: it is not JSON`);
  }
}
