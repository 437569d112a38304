/** Told how far a piece of work is; `label` names the piece. */
export type OnProgress = (label: string, done: number, of: number) => void;

export interface ProgressBar {
  readonly show: OnProgress;
  /** Ends the line that is being drawn. */
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

/** A bar on a terminal, drawn over and over; elsewhere a line when a piece begins, and now and then. */
export function createProgressBar({ write, isTerminal, now }: Terminal): ProgressBar {
  let last: { readonly label: string; readonly at: number } | undefined;
  const end = (): void => {
    if (isTerminal && last !== undefined) write('\n');
    last = undefined;
  };
  return {
    show(label, done, of) {
      const begins = label !== last?.label;
      const due = last === undefined || now() - last.at >= (isTerminal ? REDRAW_MS : SAY_EVERY_MS);
      if (!begins && !due && !(isTerminal && done >= of)) return;
      if (begins) end();
      last = { label, at: now() };
      write(isTerminal ? `\r${drawn(label, done, of)}\u001B[K` : `${drawn(label, done, of)}\n`);
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
    now: () => performance.now(),
  });
}
