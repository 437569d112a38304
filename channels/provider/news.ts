import type { InboundMessage } from '../../domain/consent/inbound-message.js';
import type { ProviderError, ReportStatus } from '../../domain/events/events.js';

/** A request of a provider to its URL at ours, exactly as it came. */
export interface ProviderRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes that the signature is over; empty for a GET. */
  readonly body: Buffer;
  /** Path and query as asked for. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
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

/** One thing that a provider tells us. A new kind is a new member, and the compiler points at who has to record it. */
export type ProviderNews =
  | { readonly kind: 'inbound'; readonly message: InboundMessage }
  | { readonly kind: 'receipt'; readonly receipt: ProviderReceipt };

/**
 * Why a request is not taken. `signature`: missing, or not made with a secret of ours. `stale`: signed, but not lately.
 * `challenge`: it does not know what we told the provider. `no-public-url`: signed over a URL that nobody has told us.
 * `content`: not as the provider documents it; says which field and what was expected, never what stood there.
 */
export type ProviderRefusal =
  | { readonly ok: false; readonly refused: 'signature' | 'stale' | 'challenge' | 'no-public-url' }
  | { readonly ok: false; readonly refused: 'content'; readonly field: string; readonly expected: string };

/** What a genuine request tells, in the order in which it tells it; nothing where none of it concerns us. */
export type ProviderReading = { readonly ok: true; readonly news: readonly ProviderNews[] } | ProviderRefusal;

/** The answer to a provider's GET: the text that it wants to see again. */
export type ProviderChallenge = { readonly ok: true; readonly echo: string } | ProviderRefusal;

/** Refuses a request that is not as the provider documents it; the field is `body` where no field is at fault. */
export function refusedContent(field: string, expected: string): ProviderRefusal {
  return { ok: false, refused: 'content', field: field === '' ? 'body' : field, expected };
}
