import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';

/** What is dialled before a number within a country: 0 in most, 1 in North America, 8, 80 and 06 in the east of Europe. */
const TRUNK_PREFIX = /^(?:0|1|8|80|06)$/u;

/** Shorter ones without a sign are short codes, whatever country their first digits belong to. */
const LONGEST_SHORT_CODE = 8;

function parse(digits: string): PhoneNumber | undefined {
  return parsePhoneNumberFromString(`+${digits}`, { extract: false });
}

/** Argentine mobiles as they are dialled at home: area, 15, number. Abroad a 9 stands before the area instead. */
function isArgentineMobile(dialled: string, national: string): boolean {
  for (let area = 2; area <= 4; area++) {
    if (dialled.slice(area, area + 2) !== '15') continue;
    if (`9${dialled.slice(0, area)}${dialled.slice(area + 2)}` === national) return true;
  }
  return false;
}

/** The library also drops carriers' codes and puts area codes in; of that we take what only drops a trunk prefix. */
function isSameNumber(dialled: string, read: PhoneNumber): boolean {
  const { nationalNumber: national } = read;
  if (read.country === 'AR' && isArgentineMobile(dialled.replace(/^0/u, ''), national)) return true;
  return dialled.endsWith(national) && TRUNK_PREFIX.test(dialled.slice(0, -national.length));
}

/** Where there is no trunk prefix people write its zero all the same, by habit of others. */
function withoutStrayZero(read: PhoneNumber, surely: boolean): string | undefined {
  const { countryCallingCode: country, nationalNumber: national } = read;
  if (!national.startsWith('0') || read.isValid()) return undefined;
  const other = parse(country + national.slice(1));
  const fits = other !== undefined && (surely ? other.isPossible() : other.isValid());
  return fits ? country + other.nationalNumber : undefined;
}

/** How digits were written. */
interface Written {
  /** With `+` or `00`. */
  readonly international: boolean;
  /** With the zero in brackets. */
  readonly bracketedZero: boolean;
}
const PLAINLY: Written = { international: false, bracketedZero: false };

export interface E164 {
  readonly digits: string;
  /** A zero is left behind the country which no number of that country has there. */
  readonly strayZero: boolean;
}

/** The digits without a prefix that is not dialled behind the country; undefined where there is none. */
function withoutTrunkPrefix(digits: string, read: PhoneNumber, written: Written): string | undefined {
  const { countryCallingCode: country, nationalNumber: national } = read;
  const stray = withoutStrayZero(read, written.bracketedZero);
  if (stray !== undefined) return stray;
  const dialled = digits.slice(country.length);
  if (dialled === national || !read.isPossible() || !isSameNumber(dialled, read)) return undefined;
  return country + national;
}

/**
 * A number as E.164 has it: without the trunk zero that stands behind the country. What the library does not know as
 * a possible number stays as it is, and so does what would lose one prefix after another.
 */
export function toE164(digits: string, written: Written): E164 {
  const isCode = !written.international && digits.length <= LONGEST_SHORT_CODE;
  const read = isCode || digits.startsWith('0') ? undefined : parse(digits);
  if (read === undefined) return { digits, strayZero: false };
  const without = withoutTrunkPrefix(digits, read, written);
  const again = without === undefined ? undefined : toE164(without, PLAINLY);
  if (again !== undefined && again.digits === without && !again.strayZero) return again;
  const dialled = digits.slice(read.countryCallingCode.length);
  return { digits, strayZero: dialled.startsWith('0') && !read.isValid() };
}
