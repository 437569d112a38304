import type { EventOf } from './event-base.js';

// Streams `ledger-1` and `project-<id>`.

export type LedgerCreated = EventOf<
  'ledger-created',
  {
    readonly ledgerId: string;
    readonly keyCheck: string;
    /** See `IDENTITY_RULES`; absent in ledgers of the first rules. */
    readonly identityRules?: number;
  }
>;
export type ProjectCreated = EventOf<
  'project-created',
  { readonly projectId: string; readonly displayName: string }
>;
export type Scope = 'read' | 'send' | 'inbound' | 'admin';
export type AccessKeyCreated = EventOf<
  'access-key-created',
  {
    readonly projectId: string;
    readonly keyId: string;
    /** Hex SHA-256 of the secret, which has 256 random bits. */
    readonly secretHash: string;
    readonly scopes: readonly Scope[];
    readonly label: string;
  }
>;
export type AccessKeyRevoked = EventOf<
  'access-key-revoked',
  { readonly projectId: string; readonly keyId: string }
>;
