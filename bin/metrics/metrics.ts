import { statfsSync } from 'node:fs';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import type { Readiness } from '../../api/deps.js';
import type { Clock } from '../../domain/clock.js';
import type { Decision } from '../../domain/consent/suspicion-decision.js';
import type { AttemptClass, MessageFailedReason } from '../../domain/events/events.js';
import type { SuspectedStops } from '../../domain/settings.js';
import { LANES, type Lane } from '../../domain/owed.js';
import type { Position } from '../../ledger/ledger.js';
import type { ViewStats } from '../../projections/stats.js';
import { createLagTime } from './lag-time.js';
import { metricsAtScrape, oncePerScrape, type AtScrape, type Collect } from './metrics-at-scrape.js';

interface MetricsSources {
  readonly clock: Clock;
  readonly headPosition: () => Position;
  /** Undefined where this process keeps no views. */
  readonly stats: (() => ViewStats) | undefined;
  /** Positions that the reactor has handed over to, one per lane; undefined while it does not run here. */
  readonly reactorPosition: (lane: Lane) => Position | undefined;
  /** Calls back after each commit of the ledger. */
  readonly onAppended: (listener: () => void) => unknown;
  readonly health: () => Readiness;
  /** Whether the owed work is seen to at all: Temporal was reached once. */
  readonly begun: () => boolean;
  /** Whether this process is the reactor; undefined where it never is. */
  readonly leading: (() => boolean) | undefined;
  /** What this process is made of. */
  readonly parts: readonly Part[];
  readonly dataDir: string;
}

export type Part = 'temporal' | 'worker' | 'reactor';

const STATES = ['starting', 'degraded', 'ready'] as const;

// Complete by their types: every series is there from the start, so that a first occurrence is an increase.
const CLASSES: Readonly<Record<AttemptClass, 0>> = {
  delivered: 0,
  transient: 0,
  misconfigured: 0,
  refused: 0,
  gone: 0,
  blocked: 0,
};
const TREATMENTS: Readonly<Record<SuspectedStops, 0>> = { flag: 0, hold: 0, obey: 0 };
const DECISIONS: Readonly<Record<Decision, 0>> = { stop: 0, not_a_stop: 0 };
const REASONS: Readonly<Record<MessageFailedReason, 0>> = {
  DELIVERY_TIMED_OUT: 0,
  MESSAGE_EXPIRED: 0,
  CHANNEL_REJECT: 0,
  CHANNEL_CONFIGURATION_MISSING: 0,
  CHANNEL_BAD_CONFIGURATION: 0,
  RECIPIENT_NOT_OPTED_IN: 0,
  UNKNOWN_APP: 0,
  superseded: 0,
  expired: 0,
  restored: 0,
  'reply-restored': 0,
};

/**
 * Figures for Prometheus. Labels name lanes, classes and parts, never a person, an app or a key, so there are as many
 * series on the first day as ever.
 */
export function createMetrics(sources: MetricsSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const at = metricsAtScrape(registry);
  registerLedger(registry, at, sources);
  if (sources.stats !== undefined) {
    const stats = oncePerScrape(sources.stats);
    registerViews(at, { ...sources, stats });
    registerOwed(at, { ...sources, stats });
    registerOutcomes(at, stats);
    registerSuspicions(at, stats);
  }
  registerReactor(at, sources);
  registerState(at, sources);
  return registry;
}

function registerLedger(registry: Registry, { gauge }: AtScrape, sources: MetricsSources): void {
  const { headPosition, onAppended, dataDir } = sources;
  const commits = new Counter({
    name: 'optledger_ledger_commits_total',
    help: 'Commits of the ledger since the start of the process; appends of the same turn share one',
    registers: [registry],
  });
  onAppended(() => {
    commits.inc();
  });
  gauge('ledger_position', 'Position of the last event of the ledger', [], (set) => {
    set({}, Number(headPosition()));
  });
  gauge('data_dir_free_bytes', 'Space left for us on the file system of DATA_DIR', [], (set) => {
    const { bavail, bsize } = statfsSync(dataDir);
    set({}, bavail * bsize);
  });
}

/** The sources of a process that keeps views. */
type WithStats = MetricsSources & { readonly stats: () => ViewStats };

function registerViews({ gauge }: AtScrape, { headPosition, stats, clock }: WithStats): void {
  gauge('view_lag_events', 'Positions between the ledger and the views', [], (set) => {
    set({}, Number(headPosition() - stats().position));
  });
  const lag = createLagTime(clock);
  gauge('view_lag_seconds', 'For how long the views have been behind the ledger', [], (set) => {
    set({}, lag(headPosition(), stats().position));
  });
}

function registerReactor({ gauge }: AtScrape, sources: MetricsSources): void {
  const { headPosition, reactorPosition, leading, clock } = sources;
  if (leading === undefined) return;
  gauge('reactor_leading', '1 where this process is the reactor, 0 where it stands by', [], (set) => {
    set({}, Number(leading()));
  });
  const lag = { messages: createLagTime(clock), callbacks: createLagTime(clock) };
  gauge(
    'reactor_lag_events',
    'Positions between the ledger and what was handed to Temporal; absent while the reactor does not run',
    ['lane'],
    eachRunning((_, position) => Number(headPosition() - position)),
  );
  gauge(
    'reactor_lag_seconds',
    'For how long something has waited to be handed to Temporal; absent while the reactor does not run',
    ['lane'],
    eachRunning((lane, position) => lag[lane](headPosition(), position)),
  );

  function eachRunning(measure: (lane: Lane, position: Position) => number): Collect<'lane'> {
    return (set) => {
      for (const lane of LANES) {
        const position = reactorPosition(lane);
        if (position !== undefined) set({ lane }, measure(lane, position));
      }
    };
  }
}

function registerOwed({ gauge }: AtScrape, { stats, clock }: WithStats): void {
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
}

function registerOutcomes({ counter }: AtScrape, stats: () => ViewStats): void {
  counter('messages_accepted_total', 'Sends accepted since the first event', [], (set) => {
    set({}, stats().accepted);
  });
  counter('messages_dispatched_total', 'Messages and replies that a channel took', [], (set) => {
    set({}, stats().dispatched);
  });
  counter('messages_blocked_total', 'Messages blocked since the first event', [], (set) => {
    set({}, stats().blocked);
  });
  counter(
    'messages_failed_total',
    'Messages and replies that never went out, by reason',
    ['reason'],
    (set) => {
      for (const [reason, count] of Object.entries({ ...REASONS, ...stats().failed })) set({ reason }, count);
    },
  );
  counter(
    'callback_attempts_total',
    'Requests for callbacks since the first event, by class',
    ['class'],
    (set) => {
      for (const [name, count] of Object.entries({ ...CLASSES, ...stats().attempts })) {
        set({ class: name }, count);
      }
    },
  );
}

function registerSuspicions({ counter }: AtScrape, stats: () => ViewStats): void {
  counter(
    'suspected_stops_total',
    'Stops that were said in a sentence, by what the app made of them',
    ['treatment'],
    (set) => {
      const { suspected } = stats();
      for (const [treatment, count] of Object.entries({ ...TREATMENTS, ...suspected }))
        set({ treatment }, count);
    },
  );
  counter('suspicions_decided_total', 'Decisions over suspected stops', ['decision'], (set) => {
    const { decided } = stats();
    for (const [decision, count] of Object.entries({ ...DECISIONS, ...decided })) set({ decision }, count);
  });
}

function registerState({ gauge }: AtScrape, { health, begun, parts }: MetricsSources): void {
  gauge('state', '1 for what /health/ready says, 0 for the others', ['state'], (set) => {
    const { serving, missing } = health();
    const running = missing.length === 0 ? 'ready' : 'degraded';
    for (const state of STATES) set({ state }, Number(state === (serving ? running : 'starting')));
  });
  gauge('part_running', '1 while the part runs, else 0', ['part'], (set) => {
    // A reason may follow the name.
    const missing = health().missing.map((one) => one.split(' ')[0]);
    for (const part of parts) set({ part }, Number(begun() && !missing.includes(part)));
  });
}
