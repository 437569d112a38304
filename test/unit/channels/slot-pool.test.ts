import { describe, expect, it } from 'vitest';
import { createSlotPool } from '../../../channels/slot-pool.js';

describe('slot pool', () => {
  it('lets so many in at once, the others in their order', async () => {
    const pool = createSlotPool(2);
    const entered: string[] = [];
    const take = async (name: string): Promise<() => void> => {
      const release = await pool.take();
      entered.push(name);
      return release;
    };
    const a = await take('a');
    const b = await take('b');
    const c = take('c');
    const d = take('d');
    await Promise.resolve();
    expect(entered).toEqual(['a', 'b']);
    b();
    const releaseC = await c;
    expect(entered).toEqual(['a', 'b', 'c']);
    a();
    releaseC();
    (await d)();
    expect(entered).toEqual(['a', 'b', 'c', 'd']);
  });

  it('counts a slot that is given back twice once', async () => {
    const pool = createSlotPool(1);
    const release = await pool.take();
    release();
    release();
    await pool.take();
    let entered = false;
    void pool.take().then(() => {
      entered = true;
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(entered).toBe(false);
  });
});
