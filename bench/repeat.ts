/** What the measurements share. */
export interface Bench {
  /** A Temporal server of this run, on loopback; instances and floors share it. */
  readonly temporal: { readonly address: string; readonly group: number };
  readonly repetitions: number;
  /** Folder for CPU profiles of the instance; undefined: none are made, which costs. */
  readonly profileTo: string | undefined;
  readonly say: (line: string) => void;
}

/** After so long a measurement makes no further repetition: on a slow machine there are fewer, and it says so. */
const LONGEST_MS = 45_000;

interface Repeating extends Pick<Bench, 'repetitions' | 'say'> {
  /** For a measurement whose repetitions take longer than most; 45,000 unless told. */
  readonly longestMs?: number;
}

/**
 * Measures once to warm up, then so many times as asked.
 * @returns what the counted times gave
 */
export async function repeat<T>(
  { repetitions, say, longestMs = LONGEST_MS }: Repeating,
  name: string,
  measure: (n: number) => Promise<T>,
  tell: (measured: T) => string,
): Promise<readonly T[]> {
  const counted: T[] = [];
  const until = performance.now() + longestMs;
  for (let n = 0; n <= repetitions; n += 1) {
    if (n > 1 && performance.now() > until) {
      say(`${name}: the time is up after ${String(n - 1)} of ${String(repetitions)}`);
      break;
    }
    const measured = await measure(n);
    say(`${name} ${n === 0 ? 'warm-up' : `${String(n)}/${String(repetitions)}`}: ${tell(measured)}`);
    if (n > 0) counted.push(measured);
  }
  return counted;
}
