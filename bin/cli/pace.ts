import type { Position } from '../../ledger/ledger.js';
import type { ProgressBar } from '../machine/progress.js';
import { monotonicMs } from '../machine/system-clock.js';

/** Draws a walk through a ledger that ends at `head`: how far, how many events, how fast. */
export function walkProgress(
  bar: Pick<ProgressBar, 'show'>,
  head: Position,
  now: () => number = monotonicMs,
): (label: string, events: number, position: Position) => void {
  let piece: { readonly label: string; readonly at: number; readonly events: number } | undefined;
  return (label, events, position) => {
    // What an earlier try has done took none of this one's time.
    if (piece?.label !== label) piece = { label, at: now(), events };
    const seconds = (now() - piece.at) / 1_000;
    const pace = seconds < 1 ? '' : `, ${grouped(Math.round((events - piece.events) / seconds))}/s`;
    bar.show(label, Number(position), Number(head), `${grouped(events)} events${pace}`);
  };
}

const grouped = (n: number): string => n.toLocaleString('en');
