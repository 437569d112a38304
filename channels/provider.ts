import type { ProviderError, ProviderOptOut, ReportStatus } from '../domain/events/events.js';

/** A request of a provider to its URL at ours, exactly as it came. */
export interface ProviderRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes that the signature is over. */
  readonly body: Buffer;
  /** Path and query as asked for. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** An inbound message as the ledger's command takes it, without project and app. */
export interface ProviderMessage {
  readonly provider: string;
  readonly providerMessageId: string;
  readonly channel: string;
  readonly identity: string;
  readonly sender: string;
  /** Absent for whatever is no text: recorded, never matched. */
  readonly text?: string;
  /** `contact_message` of the wire where it is no text. */
  readonly content?: Readonly<Record<string, unknown>>;
  readonly metadata?: string;
  /** What the provider's own opt-out handling took the text for. */
  readonly providerOptOut?: ProviderOptOut;
  /** RFC 3339 UTC with ms. */
  readonly receivedAt?: string;
}

/** What a provider says became of a message of ours. */
export interface ProviderReceipt {
  /** Our own id, which the provider hands back as it got it; null when it is not there. */
  readonly messageId: string | null;
  readonly providerMessageId: string | null;
  readonly status: ReportStatus;
  /** A `reason.code` that SDKs know; null unless the status is FAILED. */
  readonly reason: string | null;
  readonly providerError?: ProviderError;
}

/** What a verified request tells; `other` is none of ours and is only acknowledged. */
export type ProviderNews =
  | { readonly kind: 'inbound'; readonly message: ProviderMessage }
  | { readonly kind: 'receipt'; readonly receipt: ProviderReceipt }
  | { readonly kind: 'other' };

/**
 * `signature`: missing, or not made with a secret of ours. `stale`: signed, but not lately. `no-public-url`: signed over
 * a URL that nobody has told us. `content`: signed, but not as the provider documents it; says which field and what was
 * expected, never what stood there.
 */
export type ProviderReading =
  | { readonly ok: true; readonly news: ProviderNews }
  | { readonly ok: false; readonly refused: 'signature' | 'stale' | 'no-public-url' }
  | { readonly ok: false; readonly refused: 'content'; readonly field: string; readonly expected: string };
