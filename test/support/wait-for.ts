import { setTimeout as delay } from 'node:timers/promises';

/** Six processes take longer than one. */
const PATIENCE_MS = process.env['OPTLEDGER_TOPOLOGY'] === 'roles' ? 60_000 : 15_000;

/**
 * Polls until the probe answers something other than undefined or false.
 * @param what named in the error when `timeoutMs` passes.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 200)) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${String(timeoutMs)} ms: ${what}`);
    await delay(pause);
  }
}
