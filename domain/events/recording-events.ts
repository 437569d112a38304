import type { EventOf } from './event-base.js';

// Stream `recording-<uuid>`: one request to record consents under an idempotency key.

interface RecordingData {
  readonly projectId: string;
  readonly appId: string;
  readonly recordingId: string;
}
/** What became of one record of a request, in the request's order. */
export type ConsentResult =
  /** `changed` is false where the contact stood there already. */
  | { readonly status: 'RECORDED'; readonly eventId: string; readonly changed: boolean }
  /** `eventId`: the person's own opt-out, which is newer. Nothing was written. */
  | { readonly status: 'REFUSED'; readonly eventId: string };

export type RecordingStarted = EventOf<
  'recording-started',
  RecordingData & {
    /** Hex HMAC of the request: another one under the same key is refused. */
    readonly requestHash: string;
    readonly records: number;
  }
>;
export type RecordingEnded = EventOf<
  'recording-ended',
  RecordingData & { readonly results: readonly ConsentResult[] }
>;
export type RecordingEvent = RecordingStarted | RecordingEnded;
