/**
 * Makes a number of 52 bits of a contact's id: an index over whole ids would be five times as large, and most of the
 * work of a fold.
 * Rows that two contacts share by chance are told apart by the whole id that stands in them.
 */
export function contactKeyOf(contactId: string): number {
  return hash(contactId, 0x01000193) * 2 ** 20 + (hash(contactId, 0x85ebca6b) >>> 12);
}

/** Hashes to 32 bits by FNV-1a with a final mix; another prime gives another hash. */
function hash(text: string, prime: number): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), prime);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
