import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ProviderReceipt, ProviderReading } from '../../../channels/provider.js';
import { PROVIDERS, readProviderRequest, type Provider } from '../../../channels/providers.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { createProviderIds } from '../../../ledger/commands/provider-ids.js';
import { recordInbound } from '../../../ledger/commands/record-inbound.js';
import { recordReceipt } from '../../../ledger/commands/record-receipt.js';
import { Refusal } from '../../../domain/refusal.js';
import { withinDeadline } from '../../server/deadline.js';
import type { Api, AppDeps } from '../../deps.js';
import { ApiError, invalidField, notFound, unavailable } from '../../server/errors.js';
import { appParams } from '../../wire/common.js';
import { outcomeOf, type HttpCounters } from '../../server/http-counters.js';
import {
  EMPTY_TWIML,
  providerResponse,
  twimlResponse,
  type ProviderResult,
} from '../../wire/messages/inbound.js';

/** Providers give up after some ten seconds; ours is the last word before that. */
const DEADLINE_MS = 8_000;

const late = () => unavailable('outcome unknown, deliver it again');

interface At {
  readonly provider: Provider;
  readonly projectId: string;
  readonly appId: string;
}

/**
 * `POST …/inbound/{provider}` of providers that sign what they post: no sign-in, the signature stands for it. 200
 * means that the ledger has it; whoever does not get one delivers again.
 */
export function registerProviderInbound(
  app: Api,
  deps: AppDeps,
  counters: Pick<HttpCounters, 'inbound'>,
): void {
  const read = createReader(deps, counters);
  // Signatures are over the bytes, so nothing here is parsed before its provider has checked them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  for (const provider of PROVIDERS) {
    const { schema, answer } = ANSWERS[provider];
    app.post(
      `/v1/projects/:project_id/apps/:app_id/inbound/${provider}`,
      {
        schema: {
          summary: `Take a callback of ${provider}`,
          description: 'No sign-in: the signature of the provider is checked.',
          tags: ['Inbound'],
          params: appParams,
          ...schema,
        },
      },
      async (request, reply) => {
        const { project_id: projectId, app_id: appId } = request.params;
        const at = { provider, projectId, appId };
        return answer(reply, await withinDeadline(read(at, request), DEADLINE_MS, late));
      },
    );
  }
}

interface ProviderAnswer {
  readonly schema: { readonly response: { readonly 200: z.ZodType }; readonly produces?: string[] };
  /** Answers in the provider's own terms that the ledger has it. */
  readonly answer: (reply: FastifyReply, result: ProviderResult) => unknown;
}

const ANSWERS: Readonly<Record<Provider, ProviderAnswer>> = {
  sinch: {
    schema: { response: { 200: providerResponse } },
    answer: (_reply, result) => ({ result }),
  },
  // Twilio texts to the sender what it gets here: nothing, since replies are messages of ours.
  twilio: {
    schema: { response: { 200: twimlResponse }, produces: ['text/xml', 'application/json'] },
    answer: (reply) => reply.type('text/xml; charset=utf-8').send(EMPTY_TWIML),
  },
};

function createReader(deps: AppDeps, counters: Pick<HttpCounters, 'inbound'>) {
  const { ledger, clock, rootKey, config } = deps;
  const inbound = { ledger, clock, rootKey, providerIds: createProviderIds() };
  const open = (sealed: string, context: string): string => rootKey.open(sealed, context);

  async function receipt(at: At, told: ProviderReceipt): Promise<ProviderResult> {
    const { providerMessageId, ...rest } = told;
    // Our own id counts from the hand-over on; the provider's is known once its answer stands in the views.
    const messageId = told.messageId ?? deps.views.messages.findSent(at.appId, providerMessageId ?? '');
    if (messageId === undefined) return 'ignored';
    const actor = { type: 'provider', name: at.provider } as const;
    try {
      const { projectId, appId } = at;
      const recorded = await recordReceipt(deps, { ...rest, projectId, appId, messageId, actor });
      return recorded ? 'recorded' : 'repeated';
    } catch (error) {
      // A message that others sent through the same account.
      if (error instanceof Refusal && error.code === 'message-not-found') return 'ignored';
      throw error;
    }
  }

  return async (at: At, request: FastifyRequest): Promise<ProviderResult> => {
    const { provider, projectId, appId } = at;
    const { state } = await readApp(ledger, projectId, appId);
    const reading = readProviderRequest({ open, publicUrl: config.publicUrl }, provider, state, {
      headers: request.headers,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      path: request.url,
      nowMs: clock.now(),
    });
    if (reading === undefined) throw notFound(`provider of the app`);
    if (!reading.ok) {
      counters.inbound(provider, 'refused');
      throw refusal(reading, at, request);
    }
    const { news } = reading;
    switch (news.kind) {
      case 'other':
        return 'ignored';
      case 'receipt':
        return receipt(at, news.receipt);
      case 'inbound': {
        const recorded = await recordInbound(inbound, { ...news.message, projectId, appId });
        counters.inbound(provider, outcomeOf(recorded));
        const { duplicate, providerIdReused, eventId } = recorded;
        if (providerIdReused) {
          request.log.warn({ appId, eventId, provider }, 'a message id came again with another text');
        }
        return duplicate ? 'repeated' : 'recorded';
      }
    }
  };
}

/** The answer to what is not taken; logged, since the provider's operators see only the status. */
function refusal(
  reading: Extract<ProviderReading, { ok: false }>,
  { provider, appId }: At,
  request: FastifyRequest,
): ApiError {
  request.log.warn({ appId, provider, refused: reading.refused }, 'a callback was refused');
  switch (reading.refused) {
    case 'signature':
    case 'stale':
      return new ApiError(
        'UNAUTHENTICATED',
        reading.refused === 'stale' ? 'the signature is too old' : 'the signature is missing or not valid',
        { headers: { 'www-authenticate': 'Signature realm="optledger"' } },
      );
    case 'no-public-url':
      return new ApiError('FAILED_PRECONDITION', 'PUBLIC_URL is not set: the signature is over it');
    case 'content':
      return invalidField(reading.field, reading.expected);
  }
}
