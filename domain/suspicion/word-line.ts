/** Longer texts are read up to here: ten parts of a concatenated SMS, in which nobody hides a request. */
const MAX_CHARACTERS = 1_530;
/** Combining marks in a row beyond these say nothing more, and make normalising slow. */
const MARKS_IN_A_ROW = /(\p{M}{3})\p{M}+/gu;
const MARKS = /\p{M}/gu;
/** Signs that stand for the word, alone or beside it. */
const STOP_SIGNS = /[\u{1F6D1}\u{26D4}\u{1F6AB}\u{270B}]/gu;
const APOSTROPHES = /['’‘`´ʼ＇]/gu;
const SENTENCE_ENDS = /[.!?;…\n\r。！？]+/gu;
const PAUSES = /[,:()[\]"“”«»¿¡/|–—]+/gu;
const NO_WORD = /[^\p{L}\p{N}.,]+/gu;
const LONG_RUN = /(\p{L})\1{2,}/gu;
const SPELLED_OUT = /(?<= )(\p{L}(?: \p{L}){3,})(?= )/gu;
const DIGITS_AS_LETTERS: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '5': 's' };

/** Whether it matters how the words of a text are taken apart. */
export function hasApostrophe(text: string): boolean {
  return text.search(APOSTROPHES) !== -1;
}

/**
 * A text as one line of words: lower case, without accents, each word between single spaces, ` . ` where a sentence
 * ends and ` , ` where the speaker pauses. What people do to words in a hurry or in anger is undone: `st0p`, `STOOOP`,
 * `s t o p`. French splits at its apostrophes (`m'envoyer`), the other languages write across them (`don't`).
 */
export function wordLine(text: string, apostrophe: 'split' | 'join'): string {
  const line = text
    .slice(0, MAX_CHARACTERS)
    .replace(MARKS_IN_A_ROW, '$1')
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(STOP_SIGNS, ' stop ')
    .toLowerCase()
    .replace(APOSTROPHES, apostrophe === 'split' ? ' ' : '')
    .replace(SENTENCE_ENDS, ' . ')
    .replace(PAUSES, ' , ')
    .replace(NO_WORD, ' ')
    .replace(LONG_RUN, '$1')
    .replace(/[\p{L}\p{N}]+/gu, asWord);
  return ` . ${line} . `
    .replace(/\s+/gu, ' ')
    .replace(SPELLED_OUT, (letters) => letters.replaceAll(' ', ''))
    .replace(/ (?:[.,] )*\.(?: [.,])* /gu, ' . ')
    .replace(/ ,(?: ,)+ /gu, ' , ');
}

/** Undoes digits inside of a word (`st0p`); numbers, and what only ends in digits, stay. */
function asWord(word: string): string {
  return /\p{L}[0135]+\p{L}/u.test(word)
    ? word.replace(/[0135]/gu, (digit) => DIGITS_AS_LETTERS[digit] ?? digit)
    : word;
}
