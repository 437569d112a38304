/** Channels of the Sinch Conversation API; `CHANNEL_UNSPECIFIED` is invalid in requests and absent here. */
export const CHANNELS = [
  'WHATSAPP',
  'RCS',
  'SMS',
  'MESSENGER',
  'VIBERBM',
  'MMS',
  'INSTAGRAM',
  'TELEGRAM',
  'KAKAOTALK',
  'KAKAOTALKCHAT',
  'LINE',
  'WECHAT',
  'APPLEBC',
] as const;

/** Channels whose identities are phone numbers: every spelling of a number is one identity. */
export const PHONE_CHANNELS = ['SMS', 'MMS', 'WHATSAPP', 'RCS', 'VIBERBM'] as const;

const phoneChannels: ReadonlySet<string> = new Set(PHONE_CHANNELS);

/** Channels with identities of their own: the same text means somebody else on each of them. */
export const OTHER_CHANNELS: readonly string[] = CHANNELS.filter((channel) => !phoneChannels.has(channel));

/** The family of phone numbers. */
export const PHONE = 'phone';

/** Whom an identity is told apart from: all phone channels are one family, every other channel is its own. */
export function familyOf(channel: string): string {
  return phoneChannels.has(channel) ? PHONE : channel;
}
