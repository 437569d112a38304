import { readFileSync } from 'node:fs';

/** How far something had come at a moment. */
export interface Sample {
  /** Ms since the epoch. */
  readonly at: number;
  readonly count: number;
  /** Memory of the process, MB. */
  readonly rssMb: number;
}

/** Notes twice a second how far something has come. */
export function startSampler(
  pid: number,
  count: () => number,
): { readonly samples: Sample[]; stop(): readonly Sample[] } {
  const samples: Sample[] = [];
  const take = (): void => {
    samples.push({ at: Date.now(), count: count(), rssMb: rssMbOf(pid) });
  };
  take();
  const timer = setInterval(take, 500);
  return {
    samples,
    stop: () => {
      clearInterval(timer);
      take();
      return samples;
    },
  };
}

function rssMbOf(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Rates per second over every window of this length that lies between two moments, in their order. */
export function rates(
  samples: readonly Sample[],
  { from, to, windowMs }: { readonly from: number; readonly to: number; readonly windowMs: number },
): number[] {
  const within = samples.filter(({ at }) => at >= from && at <= to);
  return within.flatMap((first) => {
    const last = within.find(({ at }) => at >= first.at + windowMs);
    return last === undefined ? [] : [((last.count - first.count) * 1000) / (last.at - first.at)];
  });
}
