import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compareLedgers } from '../../../../ledger/copy/compare-ledgers.js';
import { CopyDiffers } from '../../../../ledger/errors.js';
import { createMemoryLedger, type MemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { newEvent } from '../../../contract/ledger-support.js';

const quiet = (): void => undefined;

async function holding(
  stream: string,
  ...events: readonly ReturnType<typeof newEvent>[]
): Promise<MemoryLedger> {
  const ledger = createMemoryLedger();
  if (events.length > 0) await ledger.append(stream, events, 'none');
  return ledger;
}

describe('a comparison', () => {
  it.each([
    ['another text', 'project-1', (id: string) => [newEvent('other', id)]],
    ['another id', 'project-1', () => [newEvent('same')]],
    ['another stream', 'project-2', (id: string) => [newEvent('same', id)]],
    ['one more', 'project-1', (id: string) => [newEvent('same', id), newEvent('more')]],
    ['one less', 'project-1', () => []],
  ])('finds %s', async (_, stream, events) => {
    const id = randomUUID();
    const a = await holding('project-1', newEvent('same', id));
    const b = await holding(stream, ...events(id));
    await expect(compareLedgers(a, b, quiet)).rejects.toBeInstanceOf(CopyDiffers);
  });

  it('finds another order', async () => {
    const [one, two] = [newEvent('one'), newEvent('two')];
    const [a, b] = [await holding('project-1', one), await holding('project-2', two)];
    await a.append('project-2', [two], 'none');
    await b.append('project-1', [one], 'none');
    await expect(compareLedgers(a, b, quiet)).rejects.toBeInstanceOf(CopyDiffers);
  });
});
