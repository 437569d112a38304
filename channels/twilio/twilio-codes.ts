import type { DeliveryReason } from '../delivery-reasons.js';

/** "Attempt to send to unsubscribed recipient": Twilio keeps a list of its own. */
const UNSUBSCRIBED = 21610;

/** Twilio's error dictionary, as far as a reason of the Sinch Conversation API says the same. */
const REASONS: ReadonlyMap<number, DeliveryReason> = new Map<number, DeliveryReason>([
  [UNSUBSCRIBED, 'RECIPIENT_NOT_OPTED_IN'],
  [21211, 'RECIPIENT_INVALID_CHANNEL_IDENTITY'],
  [21614, 'RECIPIENT_INVALID_CHANNEL_IDENTITY'],
  [63003, 'RECIPIENT_INVALID_CHANNEL_IDENTITY'],
  [63024, 'RECIPIENT_INVALID_CHANNEL_IDENTITY'],
  [30003, 'RECIPIENT_NOT_REACHABLE'],
  [30005, 'RECIPIENT_NOT_REACHABLE'],
  [30006, 'RECIPIENT_NOT_REACHABLE'],
  [30004, 'CHANNEL_REJECT'],
  [30007, 'DELIVERY_REJECTED_DUE_TO_POLICY'],
  [30034, 'DELIVERY_REJECTED_DUE_TO_POLICY'],
  [30001, 'RATE_LIMITED'],
  [63018, 'RATE_LIMITED'],
  [30002, 'CHANNEL_BAD_CONFIGURATION'],
  [63007, 'CHANNEL_BAD_CONFIGURATION'],
  [30019, 'MEDIA_TOO_LARGE'],
  [12300, 'MEDIA_TYPE_UNSUPPORTED'],
  [11200, 'MEDIA_NOT_REACHABLE'],
  [63016, 'OUTSIDE_ALLOWED_SENDING_WINDOW'],
]);

/** Codes of a refused request that only a change of the account or of the app's settings mends. */
const BAD_CONFIGURATION: ReadonlySet<number> = new Set([
  20003, 20005, 20008, 20404, 21212, 21603, 21606, 21609, 21659, 21660, 21701, 21703, 21712, 63007,
]);

/** Whether the provider's own list of people who opted out holds the recipient. */
export function isTwilioBlock(code: number): boolean {
  return code === UNSUBSCRIBED;
}

/** Whether Twilio refuses the account, its rights or the sender, rather than this message. */
export function isTwilioConfiguration(code: number): boolean {
  return BAD_CONFIGURATION.has(code);
}

/** Says why a message failed after Twilio took it. @param code null where the status callback named none */
export function twilioReason(code: number | null): DeliveryReason {
  if (code === null) return 'UNKNOWN';
  return REASONS.get(code) ?? 'CHANNEL_FAILURE';
}
