import type { CallbackSource, MessageSource } from './callback-bodies-source.js';
import { personalOf } from './callback-bodies-source.js';
import { consentNotification, inboundMessage } from './callback-bodies-v1-contact.js';
import { blockedNotification, deliveryReport, submitNotification } from './callback-bodies-v1-message.js';
import type { Trigger } from '../events/events.js';

// This file is frozen: events of body version 1 are sent as the files `callback-bodies-v1*` say, for ever. A change of any
// byte is a new version.

type Json = Readonly<Record<string, unknown>>;

/** Builds the body of a callback by the Sinch Conversation API; the order of the keys is part of it. */
export function buildBodyV1(trigger: Trigger, source: CallbackSource): Json {
  if ('accepted' in source) return ofMessage(trigger, source);
  const { event } = source;
  if (trigger === 'MESSAGE_INBOUND' && event.type === 'message-received') {
    return envelope(event, { message: inboundMessage(event) });
  }
  // The payload has no key for the list; see docs/adr/006.
  if (trigger === 'OPT_IN' && event.type === 'opted-in') {
    const metadata = JSON.stringify({ list_type: event.data.listType });
    return envelope(event, { opt_in_notification: consentNotification(event, 'OPT_IN_SUCCEEDED') }, metadata);
  }
  if (trigger === 'OPT_OUT' && event.type === 'opted-out') {
    const metadata = JSON.stringify({ list_type: event.data.listType });
    return envelope(
      event,
      { opt_out_notification: consentNotification(event, 'OPT_OUT_SUCCEEDED') },
      metadata,
    );
  }
  throw mismatch(trigger, event);
}

function ofMessage(trigger: Trigger, { event, accepted }: MessageSource): Json {
  const { correlationId, metadata } = personalOf(accepted);
  if (trigger === 'OPT_OUT' && event.type === 'message-blocked') {
    const notification = blockedNotification({ event, accepted });
    return envelope(event, { opt_out_notification: notification }, metadata, correlationId);
  }
  if (trigger === 'MESSAGE_SUBMIT' && event.type === 'message-dispatched') {
    const notification = submitNotification({ event, accepted });
    return envelope(event, { message_submit_notification: notification }, '', correlationId);
  }
  if (trigger === 'MESSAGE_DELIVERY' && event.type !== 'message-dispatched') {
    const report = deliveryReport({ event, accepted });
    return envelope(event, { message_delivery_report: report }, '', correlationId);
  }
  throw mismatch(trigger, event);
}

type SourceEvent = CallbackSource['event'];

function envelope(event: SourceEvent, payload: Json, messageMetadata = '', correlationId = ''): Json {
  return {
    app_id: event.data.appId,
    accepted_time: event.meta.recordedAt,
    event_time: event.meta.occurredAt,
    project_id: event.data.projectId,
    ...payload,
    message_metadata: messageMetadata,
    correlation_id: correlationId,
  };
}

function mismatch(trigger: Trigger, event: SourceEvent): TypeError {
  return new TypeError(`${event.type} fires no ${trigger}`);
}
