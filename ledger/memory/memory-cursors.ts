import type { Cursor, CursorStore } from '../cursor.js';
import { RevisionConflict } from '../errors.js';

/** Cursors that forget everything with the process: for tests. */
export function createMemoryCursors(): CursorStore {
  const saved = new Map<string, { readonly text: string; readonly version: number }>();
  return {
    async load(name): Promise<Cursor<unknown> | undefined> {
      const found = saved.get(name);
      if (found === undefined) return undefined;
      return { value: JSON.parse(found.text) as unknown, version: found.version };
    },
    async save(name, value, expected) {
      const actual = saved.get(name)?.version ?? 'none';
      if (actual !== expected) throw new RevisionConflict(`cursor ${name}`, expected, actual);
      const version = expected === 'none' ? 0 : expected + 1;
      saved.set(name, { text: JSON.stringify(value), version });
      return version;
    },
  };
}
