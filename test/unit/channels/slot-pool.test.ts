import { describe, expect, it } from 'vitest';
import { createSlotPool, GaveUp } from '../../../channels/slot-pool.js';

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

describe('an urgent call', () => {
  it('goes before all others, and finds slots that these do not get', async () => {
    const pool = createSlotPool(3, 1);
    const entered: string[] = [];
    const take = async (name: string, urgent = false): Promise<() => void> => {
      const release = await pool.take({ urgent });
      entered.push(name);
      return release;
    };
    const a = await take('a');
    await take('b');
    const waits = [take('c')];
    await take('reply 1', true);
    waits.push(take('d'), take('reply 2', true));
    await Promise.resolve();
    expect(entered).toEqual(['a', 'b', 'reply 1']);
    a();
    (await waits[2])?.();
    expect(entered).toEqual(['a', 'b', 'reply 1', 'reply 2']);
    await waits[0];
    expect(entered).toEqual(['a', 'b', 'reply 1', 'reply 2', 'c']);
  });
});

describe('who gives up', () => {
  it('leaves the line at once, and nobody behind waits for it', async () => {
    const pool = createSlotPool(1);
    const release = await pool.take();
    const over = new AbortController();
    const gaveUp = pool.take({ signal: over.signal });
    const next = pool.take({ signal: new AbortController().signal });
    over.abort();
    await expect(gaveUp).rejects.toThrow(GaveUp);
    await expect(pool.take({ signal: over.signal })).rejects.toThrow(GaveUp);
    release();
    expect(await next).toBeTypeOf('function');
  });

  it('after it was let in keeps its slot', async () => {
    const pool = createSlotPool(1);
    const release = await pool.take();
    const over = new AbortController();
    const waiting = pool.take({ signal: over.signal });
    release();
    over.abort();
    expect(await waiting).toBeTypeOf('function');
  });
});
