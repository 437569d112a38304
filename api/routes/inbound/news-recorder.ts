import type { FastifyBaseLogger } from 'fastify';
import type { ProviderResult } from '../../../channels/provider/answer.js';
import type { ProviderNews, ProviderReceipt } from '../../../channels/provider/news.js';
import { createSlotPool } from '../../../channels/slot-pool.js';
import { subscriber } from '../../../domain/identity/identity.js';
import { recordReceipt } from '../../../ledger/commands/record-receipt.js';
import { Refusal } from '../../../domain/refusal.js';
import type { AppDeps } from '../../deps.js';
import type { InboundAt, InboundRecorder } from './inbound-recorder.js';

/** So many people and messages of one request are recorded side by side: enough to share the ledger's commits. */
const AT_ONCE = 32;

/** @returns what became of all of it. @throws where some of it could not be recorded: delivered again, the rest is a repeat */
export type NewsRecorder = (
  at: InboundAt,
  news: readonly ProviderNews[],
  log: FastifyBaseLogger,
) => Promise<ProviderResult>;

/** Records all that one request of a provider told. */
export function createNewsRecorder(
  deps: Pick<AppDeps, 'ledger' | 'clock' | 'views'>,
  recorder: InboundRecorder,
): NewsRecorder {
  async function record(at: InboundAt, news: ProviderNews, log: FastifyBaseLogger): Promise<ProviderResult> {
    switch (news.kind) {
      case 'inbound': {
        const { duplicate } = await recorder.record(at, news.message, log);
        return duplicate ? 'repeated' : 'recorded';
      }
      case 'receipt':
        return recordProviderReceipt(deps, at, news.receipt);
    }
  }

  return async (at, news, log) => {
    const slots = createSlotPool(AT_ONCE);
    const groups = [...Map.groupBy(news, subjectOf).values()];
    const results = await Promise.all(
      groups.map(async (group) => {
        const release = await slots.take();
        try {
          const recorded: ProviderResult[] = [];
          for (const one of group) recorded.push(await record(at, one, log));
          return recorded;
        } finally {
          release();
        }
      }),
    );
    return summary(new Set(results.flat()));
  };
}

/** What is told of one person, or of one message, is recorded in the order in which it was told. */
function subjectOf(news: ProviderNews): string {
  switch (news.kind) {
    case 'inbound': {
      const { family, canonical } = subscriber(news.message.channel, news.message.identity);
      return `person ${family} ${canonical}`;
    }
    case 'receipt':
      return `message ${news.receipt.messageId ?? news.receipt.providerMessageId ?? ''}`;
  }
}

function summary(results: ReadonlySet<ProviderResult>): ProviderResult {
  if (results.has('recorded')) return 'recorded';
  return results.has('repeated') ? 'repeated' : 'ignored';
}

async function recordProviderReceipt(
  deps: Pick<AppDeps, 'ledger' | 'clock' | 'views'>,
  { projectId, appId, provider }: InboundAt,
  told: ProviderReceipt,
): Promise<ProviderResult> {
  const { providerMessageId, ...rest } = told;
  // Our own id counts from the hand-over on; the provider's is known once its answer stands in the views.
  const messageId = told.messageId ?? deps.views.messages.findSent(appId, providerMessageId ?? '');
  if (messageId === undefined) return 'ignored';
  const actor = { type: 'provider', name: provider } as const;
  try {
    const recorded = await recordReceipt(deps, { ...rest, projectId, appId, messageId, actor });
    return recorded ? 'recorded' : 'repeated';
  } catch (error) {
    // A message that others sent through the same account.
    if (error instanceof Refusal && error.code === 'message-not-found') return 'ignored';
    throw error;
  }
}
