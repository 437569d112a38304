import formbody from '@fastify/formbody';
import type { AppDeps, Api } from './deps.js';
import { createAccessTokens } from './auth/access-tokens.js';
import { trackAcknowledged } from './server/acknowledged.js';
import { requireSignIn, type AuthDeps } from './auth/auth.js';
import { registerErrorHandler } from './server/error-handler.js';
import { ApiError } from './server/errors.js';
import { createHttpCounters } from './server/http-counters.js';
import { registerJsonBody } from './server/json-body.js';
import { registerLimits } from './server/limits.js';
import { answerOtherMethods } from './server/other-methods.js';
import { registerOpenapi } from './reference/openapi.js';
import { registerOverload } from './server/overload.js';
import { registerReadYourWrites } from './server/read-your-writes.js';
import { registerRequestLog } from './server/request-log.js';
import { registerAccessKeys } from './routes/access/access-keys.js';
import { registerApps } from './routes/apps/apps.js';
import { registerBatchConsents } from './routes/consents/batch-consents.js';
import { registerCallbackRetry } from './routes/webhooks/callback-retry.js';
import { registerCallbacks } from './routes/webhooks/callbacks.js';
import { registerChannelSettings } from './routes/apps/channel-settings.js';
import { registerConsentSettings } from './routes/apps/consent-settings.js';
import { registerConsentsCheck } from './routes/consents/consents-check.js';
import { registerConsentsRecord } from './routes/consents/consents-record.js';
import { registerConsents } from './routes/consents/consents.js';
import { registerDeliverySettings } from './routes/webhooks/delivery-settings.js';
import { registerHealth } from './routes/operations/health.js';
import { registerInbound } from './routes/inbound/inbound.js';
import { registerProviderInbound } from './routes/inbound/inbound-providers.js';
import { createInboundRecorder } from './routes/inbound/inbound-recorder.js';
import { registerMessages } from './routes/messages/messages.js';
import { registerMessageList } from './routes/messages/message-list.js';
import { registerMetrics } from './routes/operations/metrics.js';
import { registerOauth } from './routes/access/oauth.js';
import { registerReceipts } from './routes/inbound/receipts.js';
import { registerSimulatorMessages } from './routes/apps/simulator-messages.js';
import { registerSuspicions } from './routes/consents/suspicions.js';
import { registerStanding } from './routes/consents/standing.js';
import { registerWebhooks } from './routes/webhooks/webhooks.js';
import { registerSecurityHeaders } from './server/security-headers.js';
import { createServer } from './server/server.js';

/**
 * Builds the HTTP side of the house, ready to listen or to be injected into. Everything that is served stands below in the
 * order in which it is registered: first without sign-in, then with.
 */
export async function buildApp(given: AppDeps): Promise<Api> {
  const acknowledging = trackAcknowledged(given.ledger);
  const deps: AppDeps = { ...given, ledger: acknowledging.ledger };
  const app = createServer(deps);

  registerErrorHandler(app);
  await registerSecurityHeaders(app);
  registerRequestLog(app, deps.metrics);
  await registerOverload(app, deps.overload);
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
  const recorder = createInboundRecorder(deps, counters);
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
    registerProviderInbound(signed, deps, counters, recorder);
  });
  if (deps.config.loopback) registerMetrics(app, deps);

  // ── with sign-in: each route's scope stands in route-scopes.ts ──
  await app.register(async (signedIn: Api) => {
    requireSignIn(signedIn, auth);
    registerReadYourWrites(signedIn, deps.views, acknowledging.last);
    registerInbound(signedIn, recorder);
    registerReceipts(signedIn, deps);
    registerMessages(signedIn, deps);
    registerMessageList(signedIn, deps);
    registerConsents(signedIn, deps);
    registerConsentsCheck(signedIn, deps);
    registerConsentsRecord(signedIn, deps);
    registerStanding(signedIn, deps);
    registerSuspicions(signedIn, deps);
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
