import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { readSuspicion } from '../../../../domain/suspicion/suspicion.js';

const LONGEST = 32_000;
const repeated = (piece: string): string => piece.repeat(Math.ceil(LONGEST / piece.length)).slice(0, LONGEST);

describe('the longest texts', () => {
  it.each([
    ['words', 'stop sending me '],
    ['marks', 'S\u0301\u0323'],
    ['marks in a row', '\u0301\u0323'],
    ['gaps', 'i do not want to to to '],
    ['polite', 'please now please '],
    ['pauses', 'stop, '],
    ['sentence ends', '. '],
    ['letters', 's t o p '],
    ['digits', 'a0'],
  ])('of %s end as soon as short ones', (_, piece) => {
    const short = piece.repeat(Math.ceil(1_530 / piece.length)).slice(0, 1_530);
    const best = (text: string): number =>
      Math.min(
        ...Array.from({ length: 5 }, () => {
          const begin = performance.now();
          readSuspicion(text);
          return performance.now() - begin;
        }),
      );
    best(short);
    expect(best(repeated(piece))).toBeLessThan(Math.max(20, best(short) * 10));
  });
});
