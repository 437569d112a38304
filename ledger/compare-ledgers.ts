import { createHash } from 'node:crypto';
import { CopyDiffers } from './errors.js';
import { START, type Ledger, type Position, type Recorded } from './ledger.js';

const PAGE = 1_000;

type Readable = Pick<Ledger, 'readAll'>;

/** What two ledgers have in common when they are the same. */
export interface Compared {
  readonly events: number;
  /** Hex SHA-256 over all events in order, positions left out. */
  readonly sha256: string;
}

/**
 * Reads both, opened `AS_STORED`, side by side: the same streams, revisions, ids and text in the same order.
 * @throws CopyDiffers, naming the first place
 */
export async function compareLedgers(
  a: Readable,
  b: Readable,
  onProgress: (events: number, position: Position) => void,
): Promise<Compared> {
  const hash = createHash('sha256');
  const others = everything(b);
  let events = 0;
  for await (const page of pages(a)) {
    for (const recorded of page) {
      const other = await others.next();
      const [mine, theirs] = [textOf(recorded), other.done === true ? undefined : textOf(other.value)];
      if (mine !== theirs)
        throw new CopyDiffers(`${recorded.stream} differs at revision ${String(recorded.revision)}`);
      hash.update(mine).update('\n');
      events += 1;
    }
    onProgress(events, page.at(-1)?.position ?? START);
  }
  const more = await others.next();
  if (more.done !== true) throw new CopyDiffers(`${more.value.stream} stands in one ledger only`);
  return { events, sha256: hash.digest('hex') };
}

function textOf({ stream, revision, event }: Recorded): string {
  const { id, type, version, data, meta } = event;
  const personal = 'personal' in event ? event.personal : null;
  return JSON.stringify([stream, revision, id, type, version, data, personal, meta]);
}

async function* pages(ledger: Readable): AsyncGenerator<readonly Recorded[], void, void> {
  for (let after = START; ;) {
    const page = await ledger.readAll({ after, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.position;
  }
}

async function* everything(ledger: Readable): AsyncGenerator<Recorded, void, void> {
  for await (const page of pages(ledger)) yield* page;
}
