const SAY_EVERY_MS = 500;
const HUNDRED = 100n;

/** Says how far a long work has come, at most twice a second, and at its end. */
export function createProgress(
  say: (line: string) => void,
  word: string,
  end: bigint,
): (events: number | undefined, position: bigint) => void {
  let saidAt = -SAY_EVERY_MS;
  return (events, position) => {
    const now = performance.now();
    if (now - saidAt < SAY_EVERY_MS && position < end) return;
    saidAt = now;
    const share = end === 0n ? HUNDRED : (position * HUNDRED) / end;
    const count = events === undefined ? '' : ` ${events.toLocaleString('en')} events,`;
    say(`${word}:${count} ${String(share)} %`);
  };
}
