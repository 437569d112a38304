import type { Scope } from '../../domain/events/events.js';
import type { Position } from '../../ledger/ledger.js';
import type { ErrorShape } from '../server/error-body.js';

/** Says who is calling. */
export interface Principal {
  readonly keyId: string;
  readonly projectId: string;
  readonly scopes: readonly Scope[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Nowhere but in route-scopes.ts. */
    scope?: never;
    errorShape?: ErrorShape;
    /** Answered whatever the load is. */
    uncounted?: boolean;
  }
  interface FastifyRequest {
    /** Set on every route with sign-in before its handler runs. */
    principal: Principal;
    /** What this process had acknowledged when the request came in. */
    acknowledged: Position;
  }
}
