import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { TargetProblem } from '../http-client/target-check.js';
import type { SimulatorPage } from '../channels/simulator-store.js';
import type { Clock } from '../domain/clock.js';
import type { OwedCallback } from '../domain/owed.js';
import type { Ledger } from '../ledger/ledger.js';
import type { RootKey } from '../ledger/keys/root-key.js';
import type { Views } from '../projections/views.js';

/** What routes register themselves on: Fastify whose schemas are zod shapes. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The part of the configuration that the API needs; rates are per second, 0 is off. */
export interface ApiConfig {
  /** Life of an access token, seconds. */
  readonly tokenTtl: number;
  readonly rates: { readonly api: number; readonly send: number; readonly callback: number };
  /** True where only this machine can connect: `/metrics` then needs no sign-in. */
  readonly loopback: boolean;
  /** Where the world reaches us, without a slash at the end; null where nobody has said so. */
  readonly publicUrl: string | null;
}

/** The state of the process, for `/health/ready`. */
export interface Readiness {
  /** True once the ledger is open and the views have folded all that stood in it at the start. */
  readonly serving: boolean;
  /** Parts that do not run, e.g. `temporal`; empty means ready, else degraded. */
  readonly missing: readonly string[];
}

/** Says why a URL may not receive requests from us; null when it may. */
export type TargetCheck = (url: string) => Promise<TargetProblem | null>;

export interface SimulatorReads {
  /** Reads a page, oldest hand-over first; `after` is the last key seen, 0 for the first page. */
  page(appId: string, read: { readonly after: number; readonly limit: number }): SimulatorPage;
}

/** The part of the product that posts callbacks, as far as a person may hurry it. */
export interface CallbackHurry {
  /** Whether it can be reached now. */
  reachable(): Promise<boolean>;
  /** Makes it look at once at what the ledger wants of a callback. @throws when it does not answer */
  wake(item: OwedCallback): Promise<void>;
}

/** Below both of these nobody is turned away. */
export interface OverloadBounds {
  readonly inFlight: number;
  readonly loopDelayMs: number;
}

/** What the routes read; `projections/` has more. */
export interface ViewReads extends Pick<
  Views,
  'apps' | 'keys' | 'consentLists' | 'audit' | 'suspicions' | 'messages' | 'passed'
> {
  readonly endpoints: Pick<Views['endpoints'], 'find'>;
  readonly callbacks: Pick<Views['callbacks'], 'open' | 'item' | 'recent' | 'page'>;
}

/** Everything that the routes rest on; wired in `bin/`, or by a test. */
export interface AppDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly rootKey: RootKey;
  /** See `ensureLedger`. */
  readonly storeId: string;
  readonly views: ViewReads;
  readonly logger: FastifyBaseLogger;
  readonly config: ApiConfig;
  /** Null where no app can be on the simulator. */
  readonly simulator: SimulatorReads | null;
  readonly checkTarget: TargetCheck;
  readonly callbackHurry: CallbackHurry;
  health(): Readiness;
  readonly metrics: Registry;
  /** For tests: when requests are turned away, where it is not as `overload.ts` says. No setting leads to it. */
  readonly overload?: OverloadBounds;
}
