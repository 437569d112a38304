import { inboundIdentity } from '../../domain/identity.js';

/**
 * The identities that one in a path may mean, likeliest first. A path names no channel: what reads as a phone
 * number means its digits, with or without `+`; otherwise, or where nobody has those, it is taken byte by byte.
 */
export function identitySpellings(sent: string): readonly [string, ...string[]] {
  const phone = inboundIdentity('SMS', sent);
  return phone === sent ? [phone] : [phone, sent];
}
