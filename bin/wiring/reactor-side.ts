import type { Logger } from 'pino';
import type { Clock } from '../../domain/clock.js';
import type { Position } from '../../ledger/ledger.js';
import type { Views } from '../../projections/views.js';
import { createReactor, type Reactor } from '../../reactor/reactor.js';
import type { OpenLedger } from './open-ledger.js';
import { setTimer } from '../machine/set-timer.js';
import { standForLeader } from '../temporal/temporal-leader.js';
import type { TemporalLink } from '../temporal/temporal-link.js';
import type { Policy } from './policy.js';
import { wakeReactor } from './wake-reactor.js';

/** The reactor of this process: it runs, or stands by. */
export interface ReactorSide {
  leading(): boolean;
  /** What keeps it from its work; null when nothing does, also while it stands by. */
  cause(): string | null;
  /** How far a lane has handed over; undefined while it stands by. */
  position(lane: 'messages' | 'callbacks'): Position | undefined;
  stop(): Promise<void>;
}

interface ReactorSideDeps {
  readonly ledger: OpenLedger;
  readonly views: Views;
  readonly link: TemporalLink;
  readonly clock: Clock;
  readonly memoryLost: boolean;
  readonly policy: Pick<Policy, 'reactor' | 'temporal'>;
}

/** The only reactor there can be: the ledger's file is this process's alone. @throws MissingCursor */
export async function runReactor(deps: ReactorSideDeps): Promise<ReactorSide> {
  const { reactor, end } = await beginReactor(deps);
  return {
    leading: () => true,
    cause: () => reactor.status().cause,
    position: (lane) => positionIn(reactor, deps.views, lane),
    stop: end,
  };
}

/** One of many that may be the reactor. @throws when Temporal refuses the worker */
export async function runElectedReactor(
  deps: ReactorSideDeps & { readonly ledgerId: string; readonly bundle: string; readonly logger: Logger },
): Promise<ReactorSide> {
  let leading: Reactor | undefined;
  let fault: string | null = null;
  const candidate = await standForLeader({
    ...deps,
    times: deps.policy.temporal,
    setTimer,
    async beginTerm() {
      try {
        const { reactor, end } = await beginReactor(deps);
        [leading, fault] = [reactor, null];
        return {
          over: reactor.takenOver,
          end: () => {
            leading = undefined;
            return end();
          },
        };
      } catch (error) {
        fault = error instanceof Error ? error.message : 'unknown fault';
        throw error;
      }
    },
  });
  return {
    leading: () => leading !== undefined,
    cause: () => (candidate.standing() ? (leading?.status().cause ?? fault) : 'does not poll'),
    position: (lane) => leading && positionIn(leading, deps.views, lane),
    stop: () => candidate.stop(),
  };
}

async function beginReactor(deps: ReactorSideDeps): Promise<{ reactor: Reactor; end: () => Promise<void> }> {
  const { ledger, views, link, clock, memoryLost, policy } = deps;
  const { cursors } = ledger;
  const reactor = createReactor({
    owed: views.owed,
    cursors,
    starter: link.starter,
    clock,
    setTimer,
    memoryLost,
    times: policy.reactor,
  });
  await reactor.start();
  const stopWaking = wakeReactor({
    onAppended: (listener) => ledger.onAppended(listener),
    headPosition: () => ledger.headPosition(),
    passed: (position) => views.passed(position, 60_000),
    wake: () => {
      reactor.wake();
    },
  });
  return {
    reactor,
    end: () => {
      stopWaking();
      return reactor.stop();
    },
  };
}

function positionIn(reactor: Reactor, views: Views, lane: 'messages' | 'callbacks'): Position {
  const after = reactor.status().after[lane];
  // The cursor moves with batches only: where nothing is owed behind it, the lane has seen all there is.
  return views.owed.after(lane, after, 1).length === 0 ? views.position : after;
}
