/** The stream of the ledger itself; its first event is the first of all. */
export const LEDGER_STREAM = 'ledger-1';

/** Names the stream of a project and its access keys. */
export function projectStream(projectId: string): string {
  return `project-${projectId}`;
}

/** Names the stream of one app's settings. */
export function appStream(appId: string): string {
  return `app-${appId}`;
}

/** Names the stream of one contact's standing; the id comes from `RootKey.contactId`, never from an identity. */
export function contactStream(contactId: string): string {
  return `contact-${contactId}`;
}

/** Names the stream of one outbound message, replies included; the id is a ULID. */
export function messageStream(messageId: string): string {
  return `message-${messageId}`;
}

/** Names the stream of one request to record consents under an idempotency key; the id derives from that key. */
export function recordingStream(recordingId: string): string {
  return `recording-${recordingId}`;
}

/** Names the stream of one callback; the id comes from `callbackId`. */
export function callbackStream(callbackId: string): string {
  return `callback-${callbackId}`;
}
