/** `reason.code` of a FAILED delivery report in the Sinch Conversation API. */
export const DELIVERY_REASONS = [
  'UNKNOWN',
  'INTERNAL_ERROR',
  'RATE_LIMITED',
  'RECIPIENT_INVALID_CHANNEL_IDENTITY',
  'RECIPIENT_NOT_REACHABLE',
  'RECIPIENT_NOT_OPTED_IN',
  'OUTSIDE_ALLOWED_SENDING_WINDOW',
  'CHANNEL_FAILURE',
  'CHANNEL_BAD_CONFIGURATION',
  'CHANNEL_CONFIGURATION_MISSING',
  'MEDIA_TYPE_UNSUPPORTED',
  'MEDIA_TOO_LARGE',
  'MEDIA_NOT_REACHABLE',
  'NO_CHANNELS_LEFT',
  'TEMPLATE_NOT_FOUND',
  'TEMPLATE_INSUFFICIENT_PARAMETERS',
  'TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION',
  'DELIVERY_TIMED_OUT',
  'DELIVERY_REJECTED_DUE_TO_POLICY',
  'CONTACT_NOT_FOUND',
  'BAD_REQUEST',
  'UNKNOWN_APP',
  'NO_CHANNEL_IDENTITY_FOR_CONTACT',
  'CHANNEL_REJECT',
  'NO_PERMISSION',
  'NO_PROFILE_AVAILABLE',
  'UNSUPPORTED_OPERATION',
] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

const known: ReadonlySet<string> = new Set(DELIVERY_REASONS);

/**
 * Turns what a gateway said into a code that every SDK knows. The gateway's own words become CHANNEL_FAILURE: they might
 * hold a phone number, and typed clients refuse what they do not know.
 */
export function deliveryReason(said: string | undefined): DeliveryReason {
  if (said === undefined) return 'UNKNOWN';
  return isKnown(said) ? said : 'CHANNEL_FAILURE';
}

function isKnown(said: string): said is DeliveryReason {
  return known.has(said);
}
