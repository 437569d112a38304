import type { Logger } from 'pino';
import type { Clock } from '../../domain/clock.js';
import type { OwedKind } from '../../domain/owed.js';
import type { Position } from '../../ledger/ledger.js';
import type { Views } from '../../projections/views.js';
import { createReactor, type Reactor } from '../../reactor/reactor.js';
import type { OpenLedger } from './open-ledger.js';
import { setTimer } from '../machine/set-timer.js';
import { standForLeader } from '../temporal/temporal-leader.js';
import type { TemporalLink } from '../temporal/temporal-link.js';
import type { Policy } from './policy.js';
import { wakeReactor } from './wake-reactor.js';

/** Folding what was written while another process led takes seconds; after this it is tried again. */
const VIEWS_PATIENCE_MS = 60_000;
const PAGE = 1_000;

/** The reactor of this process: it runs, or stands by. */
export interface ReactorSide {
  leading(): boolean;
  /** What keeps it from its work; null when nothing does, also while it stands by. */
  cause(): string | null;
  /** How far work of a kind is handed over; undefined while it stands by. */
  position(kind: OwedKind): Position | undefined;
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
    position: (kind) => positionIn(reactor, deps.views, kind),
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
    position: (kind) => leading && positionIn(leading, deps.views, kind),
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
    viewsCaughtUp: () => caughtUp(deps),
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

function positionIn(reactor: Reactor, views: Views, kind: OwedKind): Position {
  const oldest = reactor.oldestWaiting(kind);
  // Where nothing waits, the reactor has handed over all there is.
  return oldest === null ? views.position : oldest - 1n;
}

/** Resolves when the views have folded all that stands in the ledger now, also what other processes wrote. */
async function caughtUp({ ledger, views }: Pick<ReactorSideDeps, 'ledger' | 'views'>): Promise<void> {
  let head = views.position;
  for (let isFull = true; isFull;) {
    const page = await ledger.readAll({ after: head, limit: PAGE });
    head = page.at(-1)?.position ?? head;
    // A page with room left went up to the end, as it was then; what is written from now on is not waited for.
    isFull = page.length === PAGE;
  }
  await views.passed(head, VIEWS_PATIENCE_MS);
}
