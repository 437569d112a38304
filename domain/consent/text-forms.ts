// This is Unicode's White_Space, and U+FEFF, which some gateways put in front of UCS-2 texts and which trim() drops too.
const WHITE_SPACE = /[\p{White_Space}\uFEFF]+/gu;
const ACCENTS = /[\u0300-\u036F]/gu;
const DOTTED_I = /i\u0307+/gu;
// These are Unicode's punctuation, the signs that ASCII counts to it, the free-standing acute of many keyboards, and what
// no eye can see. Emoji are none of these: only behind a word they say nothing.
const BESIDE_LETTERS =
  /[\p{P}$+<=>^`|~\u00B4\p{White_Space}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]+/gu;

/** Nobody sees these, and keyboards put them in: format characters, controls, default-ignorables, Braille's blank. */
const UNSEEN = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]+/gu;
const TRAILING_EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]+$/u;

/**
 * Folds case without a locale. It goes down, up and down again, because one mapping alone keeps pairs apart:
 * `ẞ` → `ß` → `SS` → `ss`, and `ı` → `I` → `i`. The dotted `İ` leaves a combining dot behind, which goes too:
 * whoever types UNSUBSCRİBE or unsubscrıbe on a Turkish keyboard means the same word.
 */
function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().replace(DOTTED_I, 'i');
}

/**
 * Brings texts and keywords into the form in which they are compared: NFC, no outer white space, inner runs as one space,
 * case folded. Punctuation stays. With `accentFolding` the combining diacritical marks of Latin, Greek and Cyrillic
 * letters go as well, because many phones send `NOTIFICACION`.
 */
export function normaliseText(text: string, options: { readonly accentFolding: boolean }): string {
  const folded = foldCase(text.normalize('NFC'));
  const letters = options.accentFolding ? folded.normalize('NFD').replace(ACCENTS, '') : folded;
  return letters.normalize('NFC').replace(WHITE_SPACE, ' ').trim();
}

/** Takes what nobody sees out of a normalised text: two texts that look the same become the same. */
export function seenText(normalised: string): string {
  return normalised.replace(UNSEEN, '').normalize('NFC').replace(WHITE_SPACE, ' ').trim();
}

/**
 * Takes punctuation and white space out of a normalised text: `"stop." ` and `s t o p` become `stop`. The whole text still
 * has to be a word: `please stop` becomes `pleasestop`. Emoji behind a word go as well, with what joins them.
 */
export function bareText(normalised: string): string {
  const letters = normalised.replace(BESIDE_LETTERS, '').normalize('NFC');
  const bare = letters.replace(TRAILING_EMOJI, '');
  return bare === '' ? letters : bare;
}
