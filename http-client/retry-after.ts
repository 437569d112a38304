const DELTA_SECONDS = /^\d{1,10}$/u;

/**
 * Reads `Retry-After` (RFC 9110 §10.2.3) as milliseconds from now, 0 for a date that has passed.
 * @returns null without the header, and for one that is neither seconds nor a date
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (DELTA_SECONDS.test(text)) return Number(text) * 1000;
  // A date begins with the name of a day; `Date.parse` alone would take `-5` for a year.
  if (!/^[A-Za-z]{3,9},? /u.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
