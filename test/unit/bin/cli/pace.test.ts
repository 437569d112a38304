import { describe, expect, it } from 'vitest';
import { walkProgress } from '../../../../bin/cli/pace.js';

describe('the progress of a walk through a ledger', () => {
  it('tells how many events and how fast, from where this try began', () => {
    const shown: unknown[] = [];
    const clock = { ms: 5_000 };
    const show = walkProgress({ show: (...drawn) => void shown.push(drawn) }, 400_000n, () => clock.ms);
    show('copying', 1_000, 100_000n);
    clock.ms += 2_000;
    show('copying', 21_000, 200_000n);
    show('comparing', 1_000, 100_000n);
    expect(shown).toEqual([
      ['copying', 100_000, 400_000, '1,000 events'],
      ['copying', 200_000, 400_000, '21,000 events, 10,000/s'],
      ['comparing', 100_000, 400_000, '1,000 events'],
    ]);
  });
});
