import { styleText } from 'node:util';
import { printable } from '../cli/table.js';
import type { Finding, Level } from './finding.js';

const MARKS = { ok: ['✓', 'green'], warning: ['!', 'yellow'], fault: ['✗', 'red'] } as const;

/** What `--json` prints. */
export interface Report {
  /** False when something does not work. */
  readonly ok: boolean;
  readonly faults: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

export function toReport(findings: readonly Finding[]): Report {
  const count = (level: Level): number => findings.filter((one) => one.level === level).length;
  const faults = count('fault');
  return { ok: faults === 0, faults, warnings: count('warning'), findings };
}

/** Lines for people: each finding, its remedy below it. The marks have a colour on a terminal only. */
export function reportLines({ faults, warnings, findings }: Report): string[] {
  return [
    ...findings.flatMap(({ check, level, text, remedy }) => {
      const [mark, colour] = MARKS[level];
      const line = `${styleText(colour, mark, { stream: process.stdout })} ${check}: ${printable(text)}`;
      return remedy === undefined ? [line] : [line, `    → ${printable(remedy)}`];
    }),
    '',
    faults + warnings === 0
      ? 'Nothing to mend.'
      : `${String(faults)} ✗ to mend, ${String(warnings)} ! to look at.`,
  ];
}
