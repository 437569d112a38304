import type { FastifyBaseLogger } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { systemLookup } from '../../http-client/host-lookup.js';
import { buildApp } from '../../api/app.js';
import type { Api, CallbackHurry, Readiness } from '../../api/deps.js';
import { buildProbes } from '../../api/server/probes.js';
import { createAddressGuard } from '../../http-client/address-guard.js';
import { checkTargetNow } from '../../http-client/target-check.js';
import type { Clock } from '../../domain/clock.js';
import { isLoopback, type Config } from '../config.js';
import type { Views } from '../../projections/views.js';
import type { Store } from './store.js';

interface ProbesDeps {
  readonly config: Config;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Registry;
  readonly health: () => Readiness;
}

interface HttpDeps extends ProbesDeps {
  readonly clock: Clock;
  readonly store: Store;
  readonly views: Views;
  readonly callbackHurry: CallbackHurry;
}

export interface HttpSide {
  readonly app: Api;
  /** Where others reach it: where it listens, e.g. `http://127.0.0.1:8080`, or `PUBLIC_URL`. */
  readonly url: string;
}

/** Builds the API over an open store and lets it listen; requests are taken from then on. */
export async function listen(deps: HttpDeps): Promise<HttpSide> {
  const { config, clock, store, views, logger, metrics, health, callbackHurry } = deps;
  const guard = createAddressGuard(config.callbackAllowCidrs);
  const addressesOf = async (name: string): Promise<string[]> =>
    (await systemLookup(name)).map(({ address }) => address);
  const app = await buildApp({
    ledger: store.ledger,
    clock,
    rootKey: store.rootKey,
    storeId: store.storeId,
    views,
    logger,
    config: {
      tokenTtl: config.tokenTtl,
      rates: config.rates,
      loopback: isLoopback(config.host),
      publicUrl: config.publicUrl ?? null,
    },
    simulator: store.simulator,
    checkTarget: (url) => checkTargetNow(url, guard, addressesOf),
    callbackHurry,
    health,
    metrics,
  });
  const side = await bind(app, config);
  return { ...side, url: config.publicUrl ?? side.url };
}

/** Lets a process without the API answer for its health. */
export async function listenForProbes(deps: ProbesDeps): Promise<HttpSide> {
  return bind(await buildProbes(deps), deps.config);
}

async function bind(app: Api, config: Config): Promise<HttpSide> {
  await app.listen({ host: config.host, port: config.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return { app, url: `http://${host}:${String(port)}` };
}
