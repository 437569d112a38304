import type { FastifyBaseLogger } from 'fastify';
import type { InboundMessage } from '../../../domain/consent/inbound-message.js';
import { createProviderIds } from '../../../ledger/commands/provider-ids.js';
import { recordInbound, type InboundRecorded } from '../../../ledger/commands/record-inbound.js';
import type { AppDeps } from '../../deps.js';
import { withinDeadline } from '../../server/deadline.js';
import { unavailable } from '../../server/errors.js';
import { outcomeOf, type HttpCounters, type InboundProvider } from '../../server/http-counters.js';

/** Providers give up after some ten seconds; ours is the last word before that. */
const DEADLINE_MS = 8_000;

/** Where something came in. */
export interface InboundAt {
  readonly projectId: string;
  readonly appId: string;
  /** The last part of the route. */
  readonly provider: InboundProvider;
}

/** Records what people wrote, whichever route it came by: once this has resolved, the block holds. */
export interface InboundRecorder {
  /** @throws what `recordInbound` throws */
  record(at: InboundAt, message: InboundMessage, log: FastifyBaseLogger): Promise<InboundRecorded>;
}

/** Counts each message, and warns of a provider's id that comes again with another text. */
export function createInboundRecorder(
  { ledger, clock, rootKey }: Pick<AppDeps, 'ledger' | 'clock' | 'rootKey'>,
  counters: Pick<HttpCounters, 'inbound'>,
): InboundRecorder {
  const deps = { ledger, clock, rootKey, providerIds: createProviderIds() };
  return {
    async record({ projectId, appId, provider }, message, log) {
      const recorded = await recordInbound(deps, { ...message, projectId, appId });
      counters.inbound(provider, outcomeOf(recorded));
      if (recorded.providerIdReused) {
        const { eventId } = recorded;
        log.warn({ appId, eventId, provider }, 'a message id came again with another text');
      }
      return recorded;
    },
  };
}

/** @param advice what the sender does when the time is up: whether the ledger has it is not known then */
export function beforeProvidersGiveUp<T>(work: Promise<T>, advice: string): Promise<T> {
  return withinDeadline(work, DEADLINE_MS, () => unavailable(`outcome unknown, ${advice}`));
}
