import type { CursorStore } from './cursor.js';
import { RevisionConflict } from './errors.js';

const CURSOR = 'store';

/**
 * The random id of the store that keeps the ledger, made at the first call; several processes may call at once. It is no
 * event, so no copy takes it along: whatever rests on positions of this store can tell itself from what rests on those
 * of another. Also between two stores of one kind, where the first events stand at the same position and later ones do
 * not (a server's own events and cursors lie between them).
 */
export async function ensureStoreId({
  cursors,
  newId,
}: {
  readonly cursors: CursorStore;
  readonly newId: () => string;
}): Promise<string> {
  const known = await load(cursors);
  if (known !== undefined) return known;
  const id = newId();
  try {
    await cursors.save(CURSOR, { id }, 'none');
    return id;
  } catch (error) {
    const other = error instanceof RevisionConflict ? await load(cursors) : undefined;
    if (other === undefined) throw error;
    return other;
  }
}

async function load(cursors: CursorStore): Promise<string | undefined> {
  return ((await cursors.load(CURSOR))?.value as { readonly id: string } | undefined)?.id;
}
