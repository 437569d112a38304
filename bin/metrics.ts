import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import type { Position } from '../ledger/ledger.js';
import type { ViewStats } from '../projections/stats.js';

interface MetricsSources {
  readonly clock: Clock;
  readonly headPosition: () => Position;
  readonly stats: () => ViewStats;
  /** Positions that the reactor has handed over to, one per lane; undefined while it does not run. */
  readonly reactorPosition: (lane: 'messages' | 'callbacks') => Position | undefined;
}

const LANES = ['messages', 'callbacks'] as const;

/** Figures for Prometheus, read at each scrape. Labels name lanes and classes, never an id of a person. */
export function createMetrics({ clock, headPosition, stats, reactorPosition }: MetricsSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    collect: (set: (labels: Partial<Record<L, string>>, value: number) => void) => void,
  ): void => {
    const made: Gauge<L> = new Gauge({
      name: `optledger_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect: () => {
        collect((labels, value) => {
          made.set(labels, value);
        });
      },
    });
  };

  gauge('ledger_position', 'Position of the last event of the ledger', [], (set) => {
    set({}, Number(headPosition()));
  });
  gauge('view_lag_events', 'Positions between the ledger and the views', [], (set) => {
    set({}, Number(headPosition() - stats().position));
  });
  gauge(
    'reactor_lag_events',
    'Positions between the ledger and what was handed to Temporal',
    ['lane'],
    (set) => {
      for (const lane of LANES) {
        const position = reactorPosition(lane);
        if (position !== undefined) set({ lane }, Number(headPosition() - position));
      }
    },
  );
  gauge('owed', 'Messages and callbacks that have not ended', ['lane'], (set) => {
    const { owed } = stats();
    for (const lane of LANES) set({ lane }, owed[lane]);
  });
  gauge(
    'oldest_owed_seconds',
    'For how long the oldest owed item has been due; 0 when none is',
    ['lane'],
    (set) => {
      const { oldestDue } = stats();
      for (const lane of LANES) {
        const due = oldestDue[lane];
        set({ lane }, due === null ? 0 : Math.max(0, (clock.now() - due) / 1000));
      }
    },
  );
  gauge('callbacks_parked', 'Callbacks that were given up on and can be replayed', [], (set) => {
    set({}, stats().parked);
  });
  gauge('messages_blocked', 'Messages blocked since the first event', [], (set) => {
    set({}, stats().blocked);
  });
  gauge('callback_attempts', 'Requests for callbacks since the first event, by class', ['class'], (set) => {
    for (const [name, count] of Object.entries(stats().attempts)) set({ class: name }, count);
  });
  return registry;
}
