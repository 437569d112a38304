/** One line on how far a build is. `done` may pass `total` when other lines are counted too. */
export function describeBuild({
  done,
  total,
  elapsedMs,
}: {
  done: number;
  total: number;
  elapsedMs: number;
}): string {
  const elapsed = `${String(Math.round(elapsedMs / 1000))} s`;
  const built = Math.min(done, total);
  const share = built / total;
  // Before a twentieth is done the rate says nothing.
  if (share < 0.05) return `${String(built)} of ${String(total)} packages, ${elapsed} so far`;
  if (share === 1) return `all ${String(total)} packages compiled, linking, ${elapsed} so far`;
  const left = Math.round((elapsedMs * (1 - share)) / share / 1000);
  return `${String(built)} of ${String(total)} packages, ${elapsed} so far, about ${String(left)} s to go`;
}
