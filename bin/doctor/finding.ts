/** `fault`: something does not work, or will be lost. `warning`: works, and is probably not what was meant. */
export type Level = 'ok' | 'warning' | 'fault';

/** What one check found. It has no identity, text or secret in it, because findings are pasted into tickets. */
export interface Finding {
  /** Name of the check, e.g. `root-key`. */
  readonly check: string;
  readonly level: Level;
  readonly text: string;
  /** What to do; only where something is wrong. */
  readonly remedy?: string;
}

export const ok = (check: string, text: string): Finding => ({ check, level: 'ok', text });
export const warning = (check: string, text: string, remedy: string): Finding => ({
  ...{ check, level: 'warning', text, remedy },
});
export const fault = (check: string, text: string, remedy: string): Finding => ({
  ...{ check, level: 'fault', text, remedy },
});

/** Writes a span of time as people say it. */
export function span(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return `${String(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${String(minutes)} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${String(hours)} h` : `${String(Math.round(hours / 24))} days`;
}
