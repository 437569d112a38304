import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWaitingLine } from '../../../channels/waiting-line.js';

describe('a waiting line', () => {
  it('lets out in the order of coming, without those who left, whatever happens in between', () => {
    const step = fc.oneof(
      fc.constant('join' as const),
      fc.constant('next' as const),
      fc.record({ leaves: fc.nat(50) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const line = createWaitingLine<number>();
        const leave: (() => void)[] = [];
        let model: number[] = [];
        for (const one of steps) {
          if (one === 'join') {
            model.push(leave.length);
            leave.push(line.join(leave.length));
          } else if (one === 'next') expect(line.next()).toBe(model.shift());
          else {
            leave[one.leaves]?.();
            model = model.filter((who) => who !== one.leaves);
          }
          expect(line.length).toBe(model.length);
        }
      }),
    );
  });

  it('costs the same however many wait', () => {
    const many = 200_000;
    const line = createWaitingLine<number>();
    const began = performance.now();
    for (let n = 0; n < many; n++) line.join(n);
    let inOrder = true;
    for (let n = 0; n < many; n++) inOrder &&= line.next() === n;
    expect(inOrder).toBe(true);
    // An array that is shifted takes minutes for that.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
