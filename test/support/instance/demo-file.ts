import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `demo.json` holds. */
export interface DemoFile {
  readonly url: string;
  readonly projectId: string;
  readonly appId: string;
  readonly keyId: string;
  readonly keySecret: string;
  readonly temporalUi: string | null;
}

/** @throws the file system's error where there is none yet */
export function readDemo(dataDir: string): DemoFile {
  return JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
}
