/** Twilio writes the channel before an address, except on SMS and MMS (Twilio docs, "Messages resource"). */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['WHATSAPP', 'whatsapp:'],
  ['RCS', 'rcs:'],
  ['MESSENGER', 'messenger:'],
]);
const WITHOUT_PREFIX: ReadonlySet<string> = new Set(['SMS', 'MMS']);

/** From so many digits on it is a number in international form; fewer are a short code, which has no `+`. */
const INTERNATIONAL = /^[0-9]{7,15}$/u;

/** Where a message came from or went to. */
export interface TwilioAddress {
  readonly channel: string;
  readonly address: string;
}

/** Reads `From` or `To` of a webhook; an address without a known prefix belongs to SMS. */
export function readTwilioAddress(text: string): TwilioAddress {
  for (const [channel, prefix] of PREFIXES) {
    if (text.startsWith(prefix)) return { channel, address: text.slice(prefix.length) };
  }
  return { channel: 'SMS', address: text };
}

/**
 * `To` or `From` of a message: E.164 with its `+`; short codes, alphanumeric senders and ids as they are.
 * @returns undefined for a channel that Twilio has no prefix for
 */
export function writeTwilioAddress({ channel, address }: TwilioAddress): string | undefined {
  const prefix = WITHOUT_PREFIX.has(channel) ? '' : PREFIXES.get(channel);
  if (prefix === undefined) return undefined;
  if (address.startsWith(prefix) && prefix !== '') return address;
  return prefix + (channel !== 'MESSENGER' && INTERNATIONAL.test(address) ? `+${address}` : address);
}
