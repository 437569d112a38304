import { Counter, Gauge, type Registry } from 'prom-client';

type Labels<L extends string> = Partial<Record<L, string>>;
/** Sets the figures of one metric. */
export type Collect<L extends string> = (set: (labels: Labels<L>, value: number) => void) => void;
type Register = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  collect: Collect<L>,
) => void;

/** Metrics whose figures are read when they are asked for; names get the prefix `optledger_`. */
export interface AtScrape {
  readonly gauge: Register;
  /** Of a figure that something else counts; it only ever goes up, but for a fold from the first event. */
  readonly counter: Register;
}

export function metricsAtScrape(registry: Registry): AtScrape {
  return {
    gauge: (name, help, labelNames, collect) => {
      const made = new Gauge({
        ...{ name: `optledger_${name}`, help, labelNames, registers: [registry] },
        collect: () => {
          // What is not set any more, since its part stopped, is not shown with its last figure.
          made.reset();
          collect((labels, value) => {
            made.set(labels, value);
          });
        },
      });
    },
    counter: (name, help, labelNames, collect) => {
      const made = new Counter({
        ...{ name: `optledger_${name}`, help, labelNames, registers: [registry] },
        collect: () => {
          made.reset();
          collect((labels, value) => {
            made.inc(labels, value);
          });
        },
      });
    },
  };
}

/** The same figure for all metrics of one scrape: they are collected in one turn. */
export function oncePerScrape<T>(read: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => {
    if (kept === undefined) {
      kept = { value: read() };
      queueMicrotask(() => {
        kept = undefined;
      });
    }
    return kept.value;
  };
}
