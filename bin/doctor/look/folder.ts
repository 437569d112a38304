import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config.js';
import type { Finding } from '../finding.js';
import { judgeDataDir, judgeDisk, judgeFileSystem, judgeModes } from '../judge/machine.js';

/** DATA_DIR and the files in it that hold secrets. */
export function lookAtFolder({ dataDir, demoFile, rootKey }: Config): Finding[] {
  const there = nearest(dataDir);
  const kind = there !== dataDir ? 'absent' : statSync(there).isDirectory() ? 'folder' : 'other';
  const folder = judgeDataDir({ path: dataDir, kind, writable: isWritable(there) });
  if (kind === 'other') return [folder];
  const { type, bavail, bsize } = statfsSync(there);
  const secrets = [rootKey.file ?? rootKey.ownFile, demoFile].filter((path) => existsSync(path));
  return [
    folder,
    judgeDisk(bavail * bsize),
    judgeFileSystem(type),
    ...judgeModes(secrets.map((path) => ({ path, mode: statSync(path).mode }))),
  ];
}

/** Finds the path itself, or the nearest one above that is there. */
function nearest(path: string): string {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return there;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
