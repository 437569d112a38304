/** The stream of the ledger itself; its first event is the first of all. */
export const LEDGER_STREAM = 'ledger-1';

/** Access: the project and its keys. */
export function projectStream(projectId: string): string {
  return `project-${projectId}`;
}

/** Configuration of one app. */
export function appStream(appId: string): string {
  return `app-${appId}`;
}

/** Standing of one contact; the id comes from `RootKey.contactId`, never from an identity. */
export function contactStream(contactId: string): string {
  return `contact-${contactId}`;
}

/** One outbound message, replies included; the id is a ULID. */
export function messageStream(messageId: string): string {
  return `message-${messageId}`;
}

/** One request to record consents under an idempotency key; the id derives from that. */
export function recordingStream(recordingId: string): string {
  return `recording-${recordingId}`;
}

/** One callback; the id comes from `callbackId`. */
export function callbackStream(callbackId: string): string {
  return `callback-${callbackId}`;
}
