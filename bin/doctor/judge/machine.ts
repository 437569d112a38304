import { fault, ok, warning, type Finding } from '../finding.js';

const MB = 1024 ** 2;
const TOO_LITTLE = 100 * MB;
const LITTLE = 1024 * MB;

export interface Folder {
  readonly path: string;
  readonly kind: 'folder' | 'absent' | 'other';
  /** Of the folder, or of the nearest one above that is there. */
  readonly writable: boolean;
}

export function judgeDataDir({ path, kind, writable }: Folder): Finding {
  const check = 'data-dir';
  if (kind === 'other') {
    return fault(
      check,
      `DATA_DIR ${path} is not a folder`,
      'set DATA_DIR to a folder, or move that file away',
    );
  }
  if (!writable) {
    const remedy = 'run optledger as the user that owns it, `chown` it, or set DATA_DIR to another folder';
    return fault(check, `DATA_DIR ${path} cannot be written by this user`, remedy);
  }
  return ok(
    check,
    kind === 'absent' ? `DATA_DIR ${path} will be made by the first start` : `DATA_DIR ${path}`,
  );
}

/** Files that hold a secret, with their permission bits; those that are not there are left out. */
export function judgeModes(files: readonly { readonly path: string; readonly mode: number }[]): Finding[] {
  return files.map(({ path, mode }) => {
    const shown = `mode ${(mode & 0o777).toString(8).padStart(4, '0')}`;
    const remedy = `chmod 600 ${path}`;
    if ((mode & 0o007) !== 0)
      return fault('file-mode', `everybody on this machine can read ${path} (${shown})`, remedy);
    if ((mode & 0o070) !== 0) return warning('file-mode', `a group can read ${path} (${shown})`, remedy);
    return ok('file-mode', `${path} is private`);
  });
}

/** @param free bytes that this user may still take */
export function judgeDisk(free: number): Finding {
  const text = `${free < 10 * LITTLE ? `${String(Math.floor(free / MB))} MB` : `${String(Math.floor(free / LITTLE))} GB`} free for DATA_DIR`;
  const remedy = 'make room, or move DATA_DIR to a larger disk: on a full one no message is taken in';
  if (free < TOO_LITTLE) return fault('disk', text, remedy);
  return free < LITTLE ? warning('disk', text, remedy) : ok('disk', text);
}

/** The numbers of file systems that reach over a network (Linux, statfs(2)). */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x01021997, '9P'],
]);
const FUSE = 0x65735546;

/** @param type as `statfs` gives it */
export function judgeFileSystem(type: number): Finding {
  const remedy = 'put DATA_DIR on a local disk: locks and fsync over a network do not hold what SQLite needs';
  const network = NETWORK.get(type >>> 0);
  if (network !== undefined)
    return fault('file-system', `DATA_DIR is on a network file system (${network})`, remedy);
  if (type >>> 0 === FUSE)
    return warning('file-system', 'DATA_DIR is on a FUSE file system, perhaps over a network', remedy);
  return ok('file-system', 'DATA_DIR is on a local file system');
}
