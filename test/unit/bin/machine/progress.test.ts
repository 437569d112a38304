import { describe, expect, it } from 'vitest';
import { createProgressBar } from '../../../../bin/machine/progress.js';

function bar(isTerminal: boolean) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const { show, end } = createProgressBar({
    write: (text) => written.push(text),
    isTerminal,
    now: () => clock.ms,
  });
  return { written, clock, show, end };
}

describe('a progress bar', () => {
  it('is drawn over and over on a terminal, a line for each piece of work', () => {
    const { written, clock, show, end } = bar(true);
    show('copying', 0, 4);
    show('copying', 1, 4);
    clock.ms = 100;
    show('copying', 2, 4);
    show('copying', 4, 4);
    show('hashing', 1, 1);
    end();
    end();
    expect(written.map((text) => text.replace('\u001B[K', ''))).toEqual([
      expect.stringMatching(/^\rcopying +\[\.{30}\] {3}0 %$/),
      expect.stringMatching(/^\rcopying +\[#{15}\.{15}\] {2}50 %$/),
      expect.stringMatching(/^\rcopying +\[#{30}\] 100 %$/),
      '\n',
      expect.stringMatching(/^\rhashing +\[#{30}\] 100 %$/),
      '\n',
    ]);
  });

  it('is a line now and then in a log', () => {
    const { written, clock, show, end } = bar(false);
    for (clock.ms = 0; clock.ms <= 12_000; clock.ms += 1_000) show('copying', clock.ms, 12_000);
    end();
    // The last one, because the work is done.
    expect(written).toHaveLength(4);
    expect(written.at(-1)).toContain('100 %');
    expect(written.every((line) => /^copying .* %\n$/.test(line))).toBe(true);
  });

  it('is whole where there is nothing to do', () => {
    const { written, show } = bar(false);
    show('folding', 0, 0);
    expect(written[0]).toContain('100 %');
  });
});
