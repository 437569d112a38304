import { spreadOf, type Spread } from './statistics.js';

/** One line of the table. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: Spread;
  /** What the same machine does without the product, measured in turn with it; null where there is no such thing. */
  readonly floor: (Spread & { readonly what: string }) | null;
  /** Ours by floor of the same repetition; null without a floor. */
  readonly ratio: Spread | null;
  /** How many times it was measured. */
  readonly repetitions: number;
  /** Null for a figure that is only shown. */
  readonly aim: Aim | null;
}

export interface Aim {
  readonly of: 'ours' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One repetition. */
export interface Pair {
  readonly ours: number;
  readonly floor: number;
}

/** A figure with its floor. @param what the floor in a few words */
export function comparedFigure(
  name: string,
  unit: string,
  pairs: readonly Pair[],
  { what, aim }: { readonly what: string; readonly aim: Aim | null },
): Figure {
  return {
    ...{ name, unit, aim, repetitions: pairs.length },
    ours: spreadOf(pairs.map(({ ours }) => ours)),
    floor: { ...spreadOf(pairs.map(({ floor }) => floor)), what },
    ratio: spreadOf(pairs.map(({ ours, floor }) => ours / floor)),
  };
}

/** A figure by itself. */
export function plainFigure(
  name: string,
  unit: string,
  values: readonly number[],
  aim: Aim | null = null,
): Figure {
  return { name, unit, ours: spreadOf(values), floor: null, ratio: null, repetitions: values.length, aim };
}

/** Whether the median is as it is to be; null where there is no aim. */
export function isMet({ aim, ours, ratio }: Figure): boolean | null {
  if (aim === null) return null;
  const value = aim.of === 'ours' ? ours.median : (ratio?.median ?? Number.NaN);
  return (
    value >= (aim.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (aim.atMost ?? Number.POSITIVE_INFINITY)
  );
}
