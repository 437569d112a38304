import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { RevisionConflict } from '../../ledger/errors.js';
import type { OpenLedger } from './ledger-support.js';

/** Small values beside the events, saved at an expected version. */
export function describeCursors(opened: OpenLedger): void {
  let name: string;
  beforeEach(() => {
    name = `cursor-${randomUUID()}`;
  });

  describe('cursors', () => {
    it('has none before the first save', async () => {
      expect(await opened.cursors.load(name)).toBeUndefined();
    });

    it('keeps the last value, and counts its versions', async () => {
      const { cursors } = opened;
      const value = { after: '12', batch: { id: 'b', items: [{ text: 'é "' }, null, 1.5] } };
      expect(await cursors.save(name, value, 'none')).toBe(0);
      expect(await cursors.load(name)).toEqual({ value, version: 0 });
      expect(await cursors.save(name, { after: '13', batch: null }, 0)).toBe(1);
      expect(await cursors.load(name)).toEqual({ value: { after: '13', batch: null }, version: 1 });
    });

    it.each([
      ['none', 1],
      [0, 1],
      [2, 1],
    ] as const)('fences a writer that expects %s', async (expected, actual) => {
      const { cursors } = opened;
      await cursors.save(name, 'first', 'none');
      await cursors.save(name, 'second', 0);
      const fenced = cursors.save(name, 'stale', expected);
      await expect(fenced).rejects.toBeInstanceOf(RevisionConflict);
      await expect(fenced).rejects.toMatchObject({ expected, actual });
      expect(await cursors.load(name)).toEqual({ value: 'second', version: 1 });
    });

    it('fences a save at a version of a cursor that is not there', async () => {
      await expect(opened.cursors.save(name, 1, 0)).rejects.toMatchObject({ expected: 0, actual: 'none' });
      expect(await opened.cursors.load(name)).toBeUndefined();
    });

    it('lets exactly one of many savers at the same version win', async () => {
      const { cursors } = opened;
      await cursors.save(name, 'first', 'none');
      const saves = Array.from({ length: 40 }, (_, i) => cursors.save(name, i, 0));
      const results = await Promise.allSettled(saves);
      const winner = results.findIndex(({ status }) => status === 'fulfilled');
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await cursors.load(name)).toEqual({ value: winner, version: 1 });
    });

    it('keeps cursors apart', async () => {
      const { cursors } = opened;
      await cursors.save(name, 'mine', 'none');
      await cursors.save(`${name}-2`, 'other', 'none');
      expect((await cursors.load(name))?.value).toBe('mine');
    });
  });
}
