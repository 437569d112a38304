import type { ListType } from '../domain/lists.js';
import type { AppState, Endpoint } from '../domain/settings.js';
import type { Position } from '../ledger/ledger.js';
import type { Principal } from './context.js';

/** An app as it stands. */
export interface AppAt {
  readonly state: AppState;
  /** Revision of the app's stream. */
  readonly revision: number;
}

export interface AppReads {
  /** Undefined for an unknown, foreign or deleted app. */
  get(projectId: string, appId: string): AppAt | undefined;
  /** Oldest first, without deleted ones. */
  list(projectId: string): readonly AppAt[];
}

export interface EndpointReads {
  /** Undefined for an unknown, foreign or removed endpoint. */
  find(projectId: string, endpointId: string): { readonly appId: string; readonly endpoint: Endpoint } | undefined;
}

export interface KeyReads {
  /** Undefined for an unknown or revoked key. */
  find(keyId: string): (Principal & { readonly secretHash: string }) | undefined;
}

export interface ConsentListReads {
  /** In stable key order; `afterKey` 0 for the first page. `nextKey` is null on the last page. */
  page(
    appId: string,
    listType: ListType,
    read: { readonly afterKey: number; readonly limit: number },
  ): { readonly identities: readonly string[]; readonly nextKey: number | null };
}

export interface AuditRecord {
  readonly origin: 'ORIGIN_MO' | 'ORIGIN_API';
  readonly operation: 'OPERATION_INSERT' | 'OPERATION_UPDATE' | 'OPERATION_DELETE';
  readonly listType: ListType;
  readonly projectId: string;
  readonly appId: string;
  /** RFC 3339 UTC with ms. */
  readonly at: string;
}

export interface AuditReads {
  /** Ascending by time. */
  records(contactId: string): readonly AuditRecord[];
}

/** What the routes read; `projections/` has more. */
export interface ViewReads {
  readonly apps: AppReads;
  readonly endpoints: EndpointReads;
  readonly keys: KeyReads;
  readonly consentLists: ConsentListReads;
  readonly audit: AuditReads;
  /** Resolves once the views have passed `position`; throws `ViewsBehind` after `timeoutMs`. */
  passed(position: Position, timeoutMs: number): Promise<void>;
}
