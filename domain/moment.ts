const RFC_3339 =
  /^(?<date>\d{4}-\d{2}-\d{2})T(?<minute>\d{2}:\d{2}):(?<second>\d{2})(?<fraction>\.\d+)?(?<zone>Z|[+-]\d{2}:\d{2})$/iu;
const LAST_OF_MINUTE = '59.999';

/** The day of the month that a date names, as it comes back: 30 February would be 2 March. */
function isOfCalendar(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().endsWith(`${date.slice(4)}T00:00:00.000Z`);
}

/**
 * Reads a moment of RFC 3339 in milliseconds since the epoch; undefined for any other text. Small letters are as good as
 * capitals (5.6), and the second 60 of a leap second (5.8), which no clock of ours has, counts as the end of its minute.
 */
export function readMoment(text: string): number | undefined {
  const { date = '', minute = '', second = '', fraction = '', zone = '' } = RFC_3339.exec(text)?.groups ?? {};
  if (!isOfCalendar(date)) return undefined;
  const seconds = second === '60' ? LAST_OF_MINUTE : second + fraction.slice(0, 4);
  const at = Date.parse(`${date}T${minute}:${seconds}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * Reads when a provider says that something happened, RFC 3339 UTC with ms. Undefined where it does not say: the zero
 * time of Go and .NET, the epoch and whatever is before it mean that nobody set the field.
 */
export function readProviderTime(text: string | null | undefined): string | undefined {
  const at = readMoment(text ?? '');
  return at === undefined || at <= 0 ? undefined : new Date(at).toISOString();
}
