import { monotonicMs } from './system-clock.js';

/** Told how far a piece of work is; `label` names the piece, `note` says more, e.g. how many events. */
export type OnProgress = (label: string, done: number, of: number, note?: string) => void;

export interface ProgressBar {
  readonly show: OnProgress;
  /** Ends the line that is being drawn, which stays as it was drawn last. */
  end(): void;
}

interface Terminal {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

const CELLS = 30;
const REDRAW_MS = 100;
/** In a log each line stays. */
const SAY_EVERY_MS = 5_000;

/** A bar on a terminal, drawn over and over; elsewhere a line when a piece begins, now and then, and when it is done. */
export function createProgressBar({ write, isTerminal, now }: Terminal): ProgressBar {
  let last: { readonly label: string; readonly at: number; readonly full: boolean } | undefined;
  const end = (): void => {
    if (isTerminal && last !== undefined) write('\n');
    last = undefined;
  };
  return {
    show(label, done, of, note = '') {
      const begins = label !== last?.label;
      const due = last === undefined || now() - last.at >= (isTerminal ? REDRAW_MS : SAY_EVERY_MS);
      const full = done >= of;
      // Once more when it is full: what was drawn last stays.
      if (!begins && !due && (!full || last?.full === true)) return;
      if (begins) end();
      last = { label, at: now(), full };
      const line = `${drawn(label, done, of)} ${note}`.trimEnd();
      write(isTerminal ? `\r${line}\u001B[K` : `${line}\n`);
    },
    end,
  };
}

function drawn(label: string, done: number, of: number): string {
  const share = of === 0 ? 1 : Math.min(done / of, 1);
  const full = Math.floor(share * CELLS);
  return `${label.padEnd(24)} [${'#'.repeat(full)}${'.'.repeat(CELLS - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** A bar on standard error, so that pipes stay clean. */
export function stderrProgress(): ProgressBar {
  return createProgressBar({
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    now: monotonicMs,
  });
}
