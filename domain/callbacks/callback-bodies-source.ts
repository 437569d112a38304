import type {
  MessageAccepted,
  MessageBlocked,
  MessageDispatched,
  MessageFailed,
  MessageReceived,
  MessageReported,
  OptedIn,
  OptedOut,
} from '../events/events.js';

/** A callback about a contact: the event says it all. */
export interface ContactSource {
  readonly event: MessageReceived | OptedOut | OptedIn;
}

/** A callback about an outbound message: the event, and how the message was accepted. */
export interface MessageSource<E = MessageBlocked | MessageDispatched | MessageFailed | MessageReported> {
  readonly event: E;
  readonly accepted: MessageAccepted;
}

/** What a callback tells. */
export type CallbackSource = ContactSource | MessageSource;

/** Takes the identities and texts of an event. @throws TypeError when they are missing */
export function personalOf<P>({ id, personal }: { readonly id: string; readonly personal?: P }): P {
  if (personal === undefined) throw new TypeError(`event ${id} has no personal part`);
  return personal;
}
