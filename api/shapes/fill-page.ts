import { setImmediate as nextTurn } from 'node:timers/promises';

/** One answer looks through so many slices. A client goes on with the token, but some stop at an empty page. */
const MOST_SLICES = 500;

/** Rows that a view found in one look, and the key where the next look goes on; null at the end. */
export interface RowSlice<Row> {
  readonly rows: readonly Row[];
  readonly nextKey: string | null;
}

/**
 * Fills a page from slices. A view looks at so many rows at a time and no more, and between two looks everybody else
 * gets a turn: whoever filters for what is rare waits, and nobody else does.
 * @param slice reads at most `limit` rows after a key
 */
export async function fillPage<Row>(
  slice: (read: { afterKey: string | null; limit: number }) => RowSlice<Row>,
  read: { readonly afterKey: string | null; readonly limit: number },
): Promise<RowSlice<Row>> {
  const rows: Row[] = [];
  let nextKey = read.afterKey;
  for (let n = 0; n < MOST_SLICES || rows.length === 0; n += 1) {
    const found = slice({ afterKey: nextKey, limit: read.limit - rows.length });
    rows.push(...found.rows);
    nextKey = found.nextKey;
    if (nextKey === null || rows.length === read.limit) break;
    await nextTurn();
  }
  return { rows, nextKey };
}
