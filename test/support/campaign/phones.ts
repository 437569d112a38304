import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What the simulated phones got, read beside the instance so that it costs that nothing. */
export interface Phones {
  /** Calls in all. */
  count(): number;
  /** Those that were no reply. */
  sends(): number;
  /** When each reply was handed over, by identity (ms since the epoch). */
  replies(): ReadonlyMap<string, number>;
  /** Messages that got more than one call. */
  twice(): number;
  close(): void;
}

export function readPhones(dataDir: string): Phones {
  const db = new DatabaseSync(join(dataDir, 'simulator.db'), { readOnly: true, timeout: 5_000 });
  const count = db.prepare('SELECT max(id) AS n FROM calls');
  const sends = db.prepare(`SELECT count(*) AS n FROM calls WHERE kind = 'MESSAGE'`);
  const replies = db.prepare(`SELECT identity, handed_over_at AS at FROM calls WHERE kind = 'REPLY'`);
  const twice = db.prepare(
    'SELECT count(*) AS n FROM (SELECT 1 FROM calls GROUP BY message_id HAVING count(*) > 1)',
  );
  return {
    count: () => (count.get() as { n: number | null }).n ?? 0,
    sends: () => (sends.get() as { n: number }).n,
    replies: () =>
      new Map(
        (replies.all() as { identity: string; at: number }[]).map(({ identity, at }) => [identity, at]),
      ),
    twice: () => (twice.get() as { n: number }).n,
    close: () => {
      db.close();
    },
  };
}
