/** Milliseconds on a clock that all processes of this machine share, and that never steps back. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
