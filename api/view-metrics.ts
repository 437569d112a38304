import { collectDefaultMetrics, Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import type { ViewStats } from '../projections/stats.js';

const secondsSince = (clock: Clock, since: number | null): number =>
  since === null ? 0 : Math.max(0, clock.now() - since) / 1000;

/**
 * What an operator watches: how far the views are behind, what is owed, parked and blocked; beside it the
 * process itself with its event loop's lag. All of it is read when somebody asks.
 */
export function registerViewMetrics(metrics: Registry, stats: () => ViewStats, clock: Clock): void {
  const registers = [metrics];
  collectDefaultMetrics({ register: metrics });
  new Gauge({
    name: 'optledger_view_lag_seconds',
    help: 'Age of the newest folded event while newer ones are not folded yet',
    registers,
    collect() {
      const { caughtUp, newestAt } = stats();
      this.set(caughtUp ? 0 : secondsSince(clock, newestAt));
    },
  });
  new Gauge({
    name: 'optledger_owed_oldest_seconds',
    help: 'How long ago the oldest item that is owed fell due',
    labelNames: ['lane'],
    registers,
    collect() {
      for (const [lane, dueAt] of Object.entries(stats().oldestDue)) this.set({ lane }, secondsSince(clock, dueAt));
    },
  });
  new Gauge({
    name: 'optledger_callbacks_parked',
    help: 'Callbacks that were given up on and wait for somebody',
    registers,
    collect() {
      this.set(stats().parked);
    },
  });
  new Counter({
    name: 'optledger_messages_blocked_total',
    help: 'Messages that a list blocked, since the first event of the ledger',
    registers,
    collect() {
      this.reset();
      this.inc(stats().blocked);
    },
  });
  new Counter({
    name: 'optledger_callback_attempts_total',
    help: 'Requests made for callbacks, by what came of them, since the first event of the ledger',
    labelNames: ['class'],
    registers,
    collect() {
      this.reset();
      for (const [name, count] of Object.entries(stats().attempts)) this.inc({ class: name }, count);
    },
  });
}
