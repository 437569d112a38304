import { Counter, type Registry } from 'prom-client';
import { PROVIDERS } from '../../channels/providers.js';

const INBOUND_PROVIDERS = ['generic', ...PROVIDERS.map(({ name }) => name)] as const;
const INBOUND = ['opt_out', 'opt_in', 'no_keyword', 'duplicate', 'refused'] as const;
const SIGN_IN = ['invalid_token', 'invalid_secret', 'no_credentials', 'rate_limited'] as const;

/** The last part of a route that messages come in by. */
export type InboundProvider = (typeof INBOUND_PROVIDERS)[number];
type InboundOutcome = (typeof INBOUND)[number];
export type SignInFailure = (typeof SIGN_IN)[number];

/** Counts for the HTTP side, since the start of the process, beside its requests. */
export interface HttpCounters {
  /** Counts an inbound message; `refused` is a request whose signature or form was not the provider's. */
  inbound(provider: InboundProvider, outcome: InboundOutcome): void;
  signInFailed(reason: SignInFailure): void;
}

/** Every series begins at 0, so that a first occurrence is an increase. Labels name no key and no app. */
export function createHttpCounters(metrics: Registry): HttpCounters {
  const inbound = new Counter({
    name: 'optledger_inbound_messages_total',
    help: 'Inbound messages since the start of the process, by what came of them',
    labelNames: ['provider', 'outcome'],
    registers: [metrics],
  });
  const signIn = new Counter({
    name: 'optledger_sign_in_failures_total',
    help: 'Failed sign-ins since the start of the process, by reason',
    labelNames: ['reason'],
    registers: [metrics],
  });
  for (const provider of INBOUND_PROVIDERS)
    for (const outcome of INBOUND) inbound.inc({ provider, outcome }, 0);
  for (const reason of SIGN_IN) signIn.inc({ reason }, 0);
  return {
    inbound: (provider, outcome) => {
      inbound.inc({ provider, outcome });
    },
    signInFailed: (reason) => {
      signIn.inc({ reason });
    },
  };
}

/** Names the outcome of a message that the ledger has. */
export function outcomeOf(recorded: {
  readonly duplicate: boolean;
  readonly matched: { readonly direction: 'OPT_OUT' | 'OPT_IN' } | null;
}): InboundOutcome {
  if (recorded.duplicate) return 'duplicate';
  switch (recorded.matched?.direction) {
    case 'OPT_OUT':
      return 'opt_out';
    case 'OPT_IN':
      return 'opt_in';
    case undefined:
      return 'no_keyword';
  }
}
