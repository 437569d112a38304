// These texts are what an operator reads in Temporal's UI. They hold ids, counts, times and codes, and nothing personal.

/** Writes e.g. `deliver-callbacks · 152 · 150 delivered, 2 waiting`; counts of nothing are left out. */
export function batchSummary(
  workflow: string,
  size: number,
  counts: Readonly<Record<string, number>>,
): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  const told = parts.map(([what, count]) => `${String(count)} ${what}`).join(', ');
  return [workflow, String(size), told].filter((part) => part !== '').join(' · ');
}

/** Writes e.g. `attempt 4 at 14:05, 503`. @param at RFC 3339 UTC */
export function timerSummary(attempt: number, at: string, why: string): string {
  return `attempt ${String(attempt)} at ${at.slice(11, 16)}, ${why}`;
}

/** One row of the table in a workflow's current details. */
export interface Row {
  readonly attempt: number;
  readonly outcome: string;
  /** RFC 3339; empty when nothing follows. */
  readonly next: string;
}

/** The newest rows come last; nobody would read more than these. */
const ROWS = 40;

/** Writes the attempts as a Markdown table. */
export function attemptTable(rows: readonly Row[]): string {
  const lines = rows
    .slice(-ROWS)
    .map(({ attempt, outcome, next }) => `| ${String(attempt)} | ${outcome} | ${next} |`);
  return ['| attempt | outcome | next |', '|---|---|---|', ...lines].join('\n');
}
