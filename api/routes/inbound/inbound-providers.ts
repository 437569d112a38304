import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Provider } from '../../../channels/provider/descriptor.js';
import type { ProviderNews, ProviderRefusal, ProviderRequest } from '../../../channels/provider/news.js';
import { answerChallenge, asksByGet, PROVIDERS, readProviderRequest } from '../../../channels/providers.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import type { Api, AppDeps } from '../../deps.js';
import { ApiError, invalidField, notFound } from '../../server/errors.js';
import type { HttpCounters } from '../../server/http-counters.js';
import { appParams } from '../../wire/common.js';
import { beforeProvidersGiveUp, type InboundAt, type InboundRecorder } from './inbound-recorder.js';
import { createNewsRecorder } from './news-recorder.js';

/** Answers one request, or throws what is answered instead. */
type Handle<T> = (request: FastifyRequest, provider: Provider, at: InboundAt) => Promise<T>;

/**
 * `POST …/inbound/{provider}` of providers that sign what they post, and `GET` of those that ask whether the URL is ours:
 * no sign-in, the signature stands for it. 200 means that the ledger has all that was told; whoever does not get one
 * delivers again.
 */
export function registerProviderInbound(
  app: Api,
  deps: AppDeps,
  counters: Pick<HttpCounters, 'inbound'>,
  recorder: InboundRecorder,
): void {
  const requests = createRequests(deps, counters);
  const recordNews = createNewsRecorder(deps, recorder);
  // Signatures are over the bytes, so nothing here is parsed before its provider has checked them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  for (const provider of PROVIDERS) {
    const { answer } = provider.inbound;
    const path = `/v1/projects/:project_id/apps/:app_id/inbound/${provider.name}`;
    const described = { tags: ['Inbound'], params: appParams };
    app.post(
      path,
      {
        schema: {
          summary: `Take a callback of ${provider.name}`,
          description: 'No sign-in: the signature of the provider is checked.',
          ...described,
          response: { 200: answer.schema },
          ...(answer.produces === undefined ? {} : { produces: [...answer.produces] }),
        },
      },
      async (request, reply) => {
        const at = placeOf(request.params, provider);
        const recorded = requests
          .read(request, provider, at)
          .then((news) => recordNews(at, news, request.log));
        const result = await beforeProvidersGiveUp(recorded, 'deliver it again');
        return reply.type(answer.contentType).send(answer.write(result));
      },
    );
    if (!asksByGet(provider)) continue;
    app.get(
      path,
      {
        schema: {
          summary: `Answer ${provider.name}, which asks whether this URL is yours`,
          description: 'No sign-in: what the provider was told is checked.',
          ...described,
          response: { 200: z.string() },
          produces: ['text/plain', 'application/json'],
        },
      },
      async (request, reply) => {
        const echo = await requests.challenge(request, provider, placeOf(request.params, provider));
        return reply.type('text/plain; charset=utf-8').send(echo);
      },
    );
  }
}

const placeOf = (
  { project_id: projectId, app_id: appId }: z.output<typeof appParams>,
  { name }: Provider,
): InboundAt => ({ projectId, appId, provider: name });

/** What requests of providers say, once they are known to be genuine. */
function createRequests(
  { ledger, clock, rootKey, config }: AppDeps,
  counters: Pick<HttpCounters, 'inbound'>,
) {
  const open = (sealed: string, context: string): string => rootKey.open(sealed, context);
  const opening = { open, publicUrl: config.publicUrl };
  const asGiven = (request: FastifyRequest): ProviderRequest => ({
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    path: request.url,
    nowMs: clock.now(),
  });

  /** The one way past a refusal. */
  function accepted<T extends { readonly ok: true }>(
    answer: T | ProviderRefusal | undefined,
    request: FastifyRequest,
    { provider, appId }: InboundAt,
  ): T {
    if (answer === undefined) throw notFound('provider of the app');
    if (answer.ok) return answer;
    counters.inbound(provider, 'refused');
    // Logged, since the provider's operators see only the status.
    request.log.warn({ appId, provider, refused: answer.refused }, 'a callback was refused');
    throw refusal(answer);
  }

  const read: Handle<readonly ProviderNews[]> = async (request, provider, at) => {
    const { state } = await readApp(ledger, at.projectId, at.appId);
    return accepted(readProviderRequest(opening, provider, state, asGiven(request)), request, at).news;
  };
  const challenge: Handle<string> = async (request, provider, at) => {
    const { state } = await readApp(ledger, at.projectId, at.appId);
    return accepted(answerChallenge(opening, provider, state, asGiven(request)), request, at).echo;
  };
  return { read, challenge };
}

function refusal(reading: ProviderRefusal): ApiError {
  switch (reading.refused) {
    case 'signature':
    case 'stale':
      return new ApiError(
        'UNAUTHENTICATED',
        reading.refused === 'stale' ? 'the signature is too old' : 'the signature is missing or not valid',
        { headers: { 'www-authenticate': 'Signature realm="optledger"' } },
      );
    case 'challenge':
      return new ApiError('PERMISSION_DENIED', 'the challenge does not know what the provider was told');
    case 'no-public-url':
      return new ApiError('FAILED_PRECONDITION', 'PUBLIC_URL is not set: the signature is over it');
    case 'content':
      return invalidField(reading.field, reading.expected);
  }
}
