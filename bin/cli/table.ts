/** Lines of this width fit a terminal without wrapping. */
export const WIDTH = 100;
const GAP = '  ';
/** A narrower cell would tell nothing. */
const NARROWEST = 6;

/**
 * One line of text that changes nothing about the terminal: what people wrote comes from outside, and may hold
 * escape sequences or marks that turn the direction of writing.
 */
export function printable(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, '\uFFFD');
}

const lengthOf = (text: string): number => Array.from(text).length;

function cut(text: string, width: number): string {
  const letters = Array.from(text);
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
}

/**
 * Columns under their names, at most `width` wide: the widest columns give way. The first one never does, since what
 * stands there is an id or a time that somebody will want to copy.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = WIDTH,
): string[] {
  const cells = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => lengthOf(row[column] ?? ''))));
  const total = (): number => widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1));
  while (total() > width) {
    const widest = Math.max(...widths.slice(1));
    if (widest <= NARROWEST) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const columnWidth = widths[column] ?? 0;
        const shown = cut(cell, columnWidth);
        return shown + ' '.repeat(columnWidth - lengthOf(shown));
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** Writes `name  value` lines, long values whole; what is undefined is left out. */
export function fields(values: Readonly<Record<string, unknown>>): string[] {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const longest = Math.max(0, ...given.map(([name]) => name.length));
  return given.map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name.padEnd(longest)}${GAP}${printable(text)}`.trimEnd();
  });
}
