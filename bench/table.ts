import { isMet, type Figure } from './result.js';
import type { Spread } from './statistics.js';

const HEAD = ['figure', 'ours', 'min – max', 'floor', 'ours ÷ floor', 'min – max', 'aim', ''] as const;

/** The figures as a Markdown table: medians, with the smallest and the largest beside them. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(rowOf);
  const widths = HEAD.map((title, n) => Math.max(title.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(HEAD), rule, ...rows.map(line)].join('\n');
}

function rowOf(figure: Figure): string[] {
  const { name, unit, ours, floor, ratio } = figure;
  return [
    name,
    `${short(ours.median)} ${unit}`,
    range(ours),
    floor === null ? '' : `${short(floor.median)} ${unit}, ${floor.what}`,
    ratio === null ? '' : short(ratio.median),
    ratio === null ? '' : range(ratio),
    aimOf(figure),
    { true: 'met', false: 'MISSED', null: '' }[String(isMet(figure)) as 'true' | 'false' | 'null'],
  ];
}

function range({ min, max }: Spread): string {
  return `${short(min)} – ${short(max)}`;
}

function aimOf({ aim, unit }: Figure): string {
  if (aim === null) return 'shown';
  const bound = aim.atLeast === undefined ? `≤ ${short(aim.atMost ?? 0)}` : `≥ ${short(aim.atLeast)}`;
  return aim.of === 'ratio' ? `÷ ${bound}` : `${bound} ${unit}`;
}

/** Three digits that count; thousands with a comma. */
export function short(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  if (value >= 10) return value.toFixed(1);
  return value.toFixed(2);
}
