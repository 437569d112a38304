import formbody from '@fastify/formbody';
import type { AppDeps, Api } from './deps.js';
import { createAccessTokens } from './access-tokens.js';
import { trackAcknowledged } from './acknowledged.js';
import { requireSignIn, type AuthDeps } from './auth.js';
import { registerErrorHandler } from './error-handler.js';
import { ApiError } from './errors.js';
import { createHttpCounters } from './http-counters.js';
import { registerJsonBody } from './json-body.js';
import { registerLimits } from './limits.js';
import { answerOtherMethods } from './other-methods.js';
import { registerOpenapi } from './openapi.js';
import { registerOverload } from './overload.js';
import { registerReadYourWrites } from './read-your-writes.js';
import { registerRequestLog } from './request-log.js';
import { registerAccessKeys } from './routes/access-keys.js';
import { registerApps } from './routes/apps.js';
import { registerBatchConsents } from './routes/batch-consents.js';
import { registerCallbackRetry } from './routes/callback-retry.js';
import { registerCallbacks } from './routes/callbacks.js';
import { registerChannelSettings } from './routes/channel-settings.js';
import { registerConsentSettings } from './routes/consent-settings.js';
import { registerConsentsCheck } from './routes/consents-check.js';
import { registerConsentsRecord } from './routes/consents-record.js';
import { registerConsents } from './routes/consents.js';
import { registerDeliverySettings } from './routes/delivery-settings.js';
import { registerHealth } from './routes/health.js';
import { registerInbound } from './routes/inbound.js';
import { registerProviderInbound } from './routes/inbound-providers.js';
import { registerMessages } from './routes/messages.js';
import { registerMessageList } from './routes/message-list.js';
import { registerMetrics } from './routes/metrics.js';
import { registerOauth } from './routes/oauth.js';
import { registerReceipts } from './routes/receipts.js';
import { registerSimulatorMessages } from './routes/simulator-messages.js';
import { registerStanding } from './routes/standing.js';
import { registerWebhooks } from './routes/webhooks.js';
import { registerSecurityHeaders } from './security-headers.js';
import { createServer } from './server.js';

/**
 * The HTTP side of the house, ready to listen or to be injected into. What is served stands below in the order
 * in which it is registered: first without sign-in, then with.
 */
export async function buildApp(given: AppDeps): Promise<Api> {
  const acknowledging = trackAcknowledged(given.ledger);
  const deps: AppDeps = { ...given, ledger: acknowledging.ledger };
  const app = createServer(deps);

  registerErrorHandler(app);
  await registerSecurityHeaders(app);
  registerRequestLog(app, deps.metrics);
  await registerOverload(app);
  registerJsonBody(app);
  const limits = await registerLimits(app, deps);
  const answerOthers = answerOtherMethods(app);
  await registerOpenapi(app);

  const tokens = createAccessTokens({
    key: deps.rootKey.jwtKey,
    ttlS: deps.config.tokenTtl,
    clock: deps.clock,
  });
  const counters = createHttpCounters(deps.metrics);
  const serving = (): boolean => deps.health().serving;
  const auth: AuthDeps = { keys: deps.views.keys, tokens, limits, counters, serving };

  // ── without sign-in ──
  registerHealth(app, deps);
  // Forms are read here and nowhere else: a browser may send one to any address, with what it knows of a sign-in.
  await app.register(async (forms: Api) => {
    await forms.register(formbody);
    registerOauth(forms, deps, auth);
  });
  await app.register(async (signed: Api) => {
    registerProviderInbound(signed, deps, counters);
  });
  if (deps.config.loopback) registerMetrics(app, deps);

  // ── with sign-in: each route's scope stands in route-scopes.ts ──
  await app.register(async (signedIn: Api) => {
    requireSignIn(signedIn, auth);
    registerReadYourWrites(signedIn, deps.views, acknowledging.last);
    registerInbound(signedIn, deps, counters);
    registerReceipts(signedIn, deps);
    registerMessages(signedIn, deps);
    registerMessageList(signedIn, deps);
    registerConsents(signedIn, deps);
    registerConsentsCheck(signedIn, deps);
    registerConsentsRecord(signedIn, deps);
    registerStanding(signedIn, deps);
    registerBatchConsents(signedIn, deps);
    registerSimulatorMessages(signedIn, deps);
    registerAccessKeys(signedIn, deps);
    registerApps(signedIn, deps);
    registerWebhooks(signedIn, deps);
    registerConsentSettings(signedIn, deps);
    registerChannelSettings(signedIn, deps);
    registerDeliverySettings(signedIn, deps);
    registerCallbacks(signedIn, deps);
    registerCallbackRetry(signedIn, deps);
    if (!deps.config.loopback) registerMetrics(signedIn, deps);
  });

  answerOthers();
  app.setNotFoundHandler({ preHandler: limits.unknownPaths }, async () => {
    throw new ApiError('NOT_FOUND', 'no such path');
  });
  return app;
}
