// Whether a text spells one number, and which digits. Where it could mean two things it spells none.

/** Dashes, waves, brackets and blanks of every script, and the dots that are no full stop. */
const SEPARATORS =
  /[\p{Pd}\u2212\u02D7\u30FC~\u2053\u223C\u301C\p{Ps}\p{Pe}\p{Z}\u00B7\u2022\u2027\u2219\u22C5]/gu;
const LEADING_PLUS = /^\++/u;
/** `+0046…` has both; what follows may be anything but a third one. */
const LEADING_00 = /^00/u;
const BRACKETED_ZERO = /\d\D*\p{Ps}\s*0\s*\p{Pe}/u;
const DIGITS = /^[0-9]+$/u;
/** A spreadsheet's `4.6700000004E+10`. */
const EXPONENT = /^(?<whole>[1-9])(?:[.,](?<part>\d{1,14}))?e\+?(?<power>\d{1,2})$/iu;
const DECIMAL_ZEROS = /^(?<number>\+?\d{7,15})[.,\u066B]0*$/u;

/** So many digits are a number by themselves: what a dot or slash parts from them is not the rest of it. */
const WHOLE_NUMBER = 7;
const LONGEST_GROUP = 6;

export interface ClearDigits {
  readonly digits: string;
  /** Written with `+` or `00`: the first digits are a country's. */
  readonly international: boolean;
  /** Written `(0)` behind the country: a zero that is never dialled after it. */
  readonly bracketedZero: boolean;
}

/**
 * A dot or slash parts groups of one number only where that is plain: the part before the last one is too short to be
 * a number, as in `+46.700000001` and `0151/23020522`, or all groups are short, as in `+33.6.12.34.56.78`.
 */
function partsOneNumber(text: string, mark: '.' | '/'): boolean {
  const groups = text.split(mark).map((group) => group.replace(/\D/gu, ''));
  const last = groups.at(-1) ?? '';
  if (groups.length === 1) return true;
  if (groups[0] === '' && mark === '.') return false;
  // A full stop behind the number.
  if (last === '' && groups.length === 2) return true;
  if (groups.slice(0, -1).join('').length < WHOLE_NUMBER) return last.length > 1;
  return groups.length > 2 && last.length > 1 && groups.every(({ length }) => length <= LONGEST_GROUP);
}

/** The digits that a text clearly spells, without `+` or `00`; undefined where that is not clear. */
export function clearDigits(text: string): ClearDigits | undefined {
  if (/^\p{Pd}|^\u2212/u.test(text)) return undefined;
  if (!partsOneNumber(text, '.') || !partsOneNumber(text, '/')) return undefined;
  const joined = text.replace(SEPARATORS, '').replace(/[./]/gu, '');
  const signed = joined.replace(LEADING_PLUS, '');
  const digits = signed.replace(LEADING_00, '');
  if (!DIGITS.test(digits)) return undefined;
  return { digits, international: digits !== joined, bracketedZero: BRACKETED_ZERO.test(text) };
}

/**
 * The digits of a number that went through a program which took it for a quantity: `46700000004.0`,
 * `4.6700000004E+10`. Only where nothing was rounded away.
 */
export function digitsOfQuantity(text: string): string | undefined {
  const decimal = DECIMAL_ZEROS.exec(text.replace(SEPARATORS, ''))?.groups?.['number'];
  if (decimal !== undefined) return decimal.replace('+', '');
  const { whole = '', part = '', power = '' } = EXPONENT.exec(text)?.groups ?? {};
  return whole !== '' && part.length === Number(power) && part.length >= WHOLE_NUMBER
    ? whole + part
    : undefined;
}
