/** Says what is going on. On stderr, so that stdout stays what the program itself prints. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Says every 10 s that something still goes on, until it has ended. */
export async function withPatience(what, work) {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const timer = setInterval(() => say(`… ${what}: ${seconds()} s so far`), 10_000);
  try {
    const result = await work();
    say(`· ${what}: done after ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
