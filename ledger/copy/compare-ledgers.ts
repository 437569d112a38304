import { createHash } from 'node:crypto';
import { CopyDiffers } from '../errors.js';
import { START, type Ledger, type Position, type Recorded } from '../ledger.js';
import { readPages } from '../reads/read-pages.js';

type Readable = Pick<Ledger, 'readAll'>;

/** The figures that two ledgers have in common when they are the same. */
export interface Compared {
  readonly events: number;
  /** Hex SHA-256 over all events in order, without their positions. */
  readonly sha256: string;
  /** Position of the last event in the second one. */
  readonly end: Position;
}

/**
 * Reads both, opened `AS_STORED`, side by side: the same streams, revisions, ids and text in the same order.
 * @param onProgress with a position of the first one
 * @throws CopyDiffers, naming the first place
 */
export async function compareLedgers(
  a: Readable,
  b: Readable,
  onProgress: (events: number, position: Position) => void,
): Promise<Compared> {
  const hash = createHash('sha256');
  const others = readPages(b, START);
  let [events, end] = [0, START];
  for await (const page of readPages(a, START)) {
    const other = await others.next();
    const theirs = other.done === true ? [] : other.value;
    for (const [n, recorded] of page.entries()) hash.update(sameText(recorded, theirs[n])).update('\n');
    const stranger = theirs[page.length];
    if (stranger !== undefined) throw oneOnly(stranger);
    events += page.length;
    end = theirs.at(-1)?.position ?? end;
    onProgress(events, page.at(-1)?.position ?? START);
  }
  const more = await others.next();
  if (more.done !== true && more.value[0] !== undefined) throw oneOnly(more.value[0]);
  return { events, sha256: hash.digest('hex'), end };
}

function sameText(mine: Recorded, theirs: Recorded | undefined): string {
  if (theirs === undefined) throw oneOnly(mine);
  const text = textOf(mine);
  if (text === textOf(theirs)) return text;
  throw new CopyDiffers(`${mine.stream} differs at revision ${String(mine.revision)}`);
}

function oneOnly({ stream, revision }: Recorded): CopyDiffers {
  return new CopyDiffers(`${stream} at revision ${String(revision)} stands in one ledger only`);
}

/** Stored text is JSON as `JSON.stringify` writes it, which this gives back byte for byte. */
function textOf({ stream, revision, event }: Recorded): string {
  const { id, type, version, data, meta } = event;
  const personal = 'personal' in event ? event.personal : null;
  return JSON.stringify([stream, revision, id, type, version, data, personal, meta]);
}
