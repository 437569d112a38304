import type { ListType } from '../domain/lists.js';
import type { OwedCallback } from '../domain/owed.js';
import type { AppState, Endpoint } from '../domain/settings.js';
import type { Position } from '../ledger/ledger.js';
import type { CallbackFilter } from '../projections/views/callback-pages.js';
import type { CallbackView } from '../projections/views/callback-view.js';
import type { MessageFilter } from '../projections/views/message-pages.js';
import type { Principal } from './auth/context.js';

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
  find(
    projectId: string,
    endpointId: string,
  ): { readonly appId: string; readonly endpoint: Endpoint } | undefined;
}

export interface KeyReads {
  /** Undefined for an unknown or revoked key. */
  find(keyId: string): (Principal & { readonly secretHash: string }) | undefined;
}

export interface ConsentListReads {
  /** In the order of insertion. `afterKey` is the `nextKey` of the page before, null for the first one. */
  page(
    appId: string,
    listType: ListType,
    read: { readonly afterKey: string | null; readonly limit: number },
  ): { readonly identities: readonly { readonly identity: string }[]; readonly nextKey: string | null };
}

export interface AuditRecord {
  readonly origin: 'ORIGIN_MO' | 'ORIGIN_API';
  readonly operation: 'OPERATION_INSERT' | 'OPERATION_UPDATE' | 'OPERATION_DELETE';
  readonly listType: ListType;
  readonly projectId: string;
  readonly appId: string;
  /** RFC 3339 UTC with ms. */
  readonly datetime: string;
}

export interface AuditReads {
  /** Ascending by time. */
  records(contactId: string): readonly AuditRecord[];
}

interface StoredBase {
  readonly messageId: string;
  readonly channel: string;
  readonly identity: string;
  /** The number on our side. */
  readonly sender: string;
  readonly metadata: string;
  /** RFC 3339 UTC with ms. */
  readonly acceptedAt: string;
  readonly processingMode: 'DISPATCH' | 'CONVERSATION';
}
/** A message of either direction, from its acknowledgement on. */
export type StoredMessage =
  | (StoredBase & {
      readonly direction: 'TO_APP';
      readonly text: string | null;
      readonly content: Readonly<Record<string, unknown>> | null;
    })
  | (StoredBase & { readonly direction: 'TO_CONTACT'; readonly message: Readonly<Record<string, unknown>> });

/** A page as the views give it: fewer rows than asked for, even none, are no end. */
export interface PageRead {
  /** `nextKey` of the page before, null for the first one. */
  readonly afterKey: string | null;
  readonly limit: number;
}

export interface MessageReads {
  /** Undefined for an unknown message or another project's. */
  get(projectId: string, messageId: string): StoredMessage | undefined;
  /** Our id of a message of the app by its provider's. */
  findSent(appId: string, providerMessageId: string): string | undefined;
  /** Newest first. */
  page(
    projectId: string,
    filter: MessageFilter,
    read: PageRead,
  ): { readonly messages: readonly StoredMessage[]; readonly nextKey: string | null };
}

export interface CallbackReads {
  /** Waiting or parked; undefined for any other. */
  open(projectId: string, callbackId: string): CallbackView | undefined;
  /** The same as what makes its requests takes it. */
  item(projectId: string, callbackId: string): OwedCallback | undefined;
  /** Among those whose events are not far before a time (RFC 3339). */
  recent(projectId: string, callbackId: string, time: string): CallbackView | undefined;
  /** Newest first. */
  page(
    projectId: string,
    filter: CallbackFilter,
    read: PageRead,
  ): { readonly callbacks: readonly CallbackView[]; readonly nextKey: string | null };
}

/** What the routes read; `projections/` has more. */
export interface ViewReads {
  readonly apps: AppReads;
  readonly endpoints: EndpointReads;
  readonly keys: KeyReads;
  readonly consentLists: ConsentListReads;
  readonly audit: AuditReads;
  readonly messages: MessageReads;
  readonly callbacks: CallbackReads;
  /** Resolves once the views have passed `position`; throws `ViewsBehind` after `timeoutMs`. */
  passed(position: Position, timeoutMs: number): Promise<void>;
}
