import type { Instance } from './instance/instance.js';
import { waitFor } from './wait-for.js';

/** One figure of `/metrics`, e.g. `optledger_callbacks_parked` or `optledger_oldest_owed_seconds{lane="messages"}`. */
export async function metric(instance: Pick<Instance, 'url'>, name: string): Promise<number> {
  const answer = await fetch(`${instance.url}/metrics`);
  const text = await answer.text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`${answer.status}, no metric ${name} in ${text.slice(0, 200)}`);
  return Number(line.slice(name.length + 1));
}

/** Messages and replies that have not ended. */
export const owedMessages = (instance: Pick<Instance, 'url'>): Promise<number> =>
  metric(instance, 'optledger_owed{lane="messages"}');

/** Waits until nothing is owed any more, and all that was folded. */
export async function nothingOwed(instance: Instance, timeoutMs: number): Promise<void> {
  await waitFor(
    'nothing is owed any more',
    async () =>
      (await metric(instance, 'optledger_view_lag_events')) === 0 &&
      (await owedMessages(instance)) === 0 &&
      (await metric(instance, 'optledger_owed{lane="callbacks"}')) === 0,
    timeoutMs,
  );
}
