import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import { createAccessKey, createProject, newAccessKey } from '../../ledger/commands/access-keys.js';
import { createApp } from '../../ledger/commands/app-commands.js';
import { START, type Ledger } from '../../ledger/ledger.js';
import { Refusal } from '../../domain/refusal.js';
import type { RootKey } from '../../ledger/keys/root-key.js';
import { projectStream } from '../../ledger/streams.js';

const fileShape = z.object({
  projectId: z.string(),
  appId: z.string(),
  keyId: z.string(),
  keySecret: z.string(),
});
/** What stands in `demo.json` beside the addresses. */
export type DemoAccess = z.infer<typeof fileShape>;

const SYSTEM = { type: 'system' } as const;
const DEMO = 'demo';

interface DemoDeps {
  readonly ledger: Ledger;
  readonly rootKey: RootKey;
  readonly clock: Clock;
  /** Path of `demo.json`. */
  readonly file: string;
}

/**
 * On a ledger without a project: makes project and app `demo` and one admin key. The secret is on disk before the
 * key's event is written, and the key comes last, so a start that was cut short is taken up where it ended.
 * @returns undefined where the ledger is somebody's already, or another process is faster, and `demo.json` is not there
 */
export async function ensureDemoProject(deps: DemoDeps): Promise<DemoAccess | undefined> {
  const kept = readAccess(deps.file);
  const stage = await stageOf(deps.ledger);
  if (stage === 'done') return kept;
  const key = kept ?? newAccessKey(deps.clock);
  const access: DemoAccess = { projectId: DEMO, appId: DEMO, keyId: key.keyId, keySecret: key.keySecret };
  writeDemoFile(deps.file, access);
  if (stage === 'none' && !(await createDemoProject(deps))) {
    rmSync(deps.file);
    return undefined;
  }
  await createDemoApp(deps);
  await createAccessKey(deps, {
    projectId: DEMO,
    key: access,
    scopes: ['admin'],
    label: DEMO,
    actor: SYSTEM,
  });
  return access;
}

/** `begun`: our project is there, its key is not yet. */
async function stageOf(ledger: Ledger): Promise<'none' | 'begun' | 'done'> {
  // The first event of all is ledger-created; a second one means that somebody has begun to use it.
  const first = await ledger.readAll({ after: START, limit: 2 });
  if (first.length < 2) return 'none';
  const ours = await ledger.readStream(projectStream(DEMO), { from: 0, direction: 'forwards', limit: 2 });
  return ours.length === 1 ? 'begun' : 'done';
}

/** @returns false where another process has just done so: the demo is its own */
async function createDemoProject(deps: DemoDeps): Promise<boolean> {
  try {
    await createProject(deps, { projectId: DEMO, displayName: 'Demo', actor: SYSTEM });
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'project-exists') return false;
    throw error;
  }
}

async function createDemoApp(deps: DemoDeps): Promise<void> {
  await createApp(
    deps,
    { projectId: DEMO, appId: DEMO, actor: SYSTEM },
    {
      displayName: 'Demo',
      processingMode: 'DISPATCH',
      profile: { channel_credentials: [{ channel: 'SMS' }, { channel: 'WHATSAPP' }] },
      sealedOverrideSecret: null,
    },
  );
}

function readAccess(file: string): DemoAccess | undefined {
  if (!existsSync(file)) return undefined;
  const parsed = fileShape.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : undefined;
}

/** Replaces `demo.json` (mode 0600) at once: a reader sees the old file or the new one. */
export function writeDemoFile(file: string, content: Readonly<Record<string, unknown>>): void {
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}
