import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../instance/instance.js';
import { nothingOwed } from '../metrics.js';
import { LATEST_MS } from './race-judge.js';
import { inbound, phone, send, type PhoneMessage } from '../story.js';
import { waitFor } from '../wait-for.js';

/** People who said STOP, START and STOP again. */
export interface StartStop {
  /** By identity: when the answer to the last STOP was there, in ms since the epoch. */
  readonly stopped: ReadonlyMap<string, number>;
  /** Answers 503, which promise nothing. */
  readonly refused: number;
}

export interface StartStopOptions {
  /** Of the people's numbers. */
  readonly prefix: string;
  readonly people: number;
  /** True: a message that was refused is sent again until it is acknowledged, as a provider does. */
  readonly repeat: boolean;
  /** How long the person of this number waits between START and STOP, in ms. */
  readonly pauseMs: (person: number) => number;
  /** Called when everybody's START has been answered; the STOPs wait for nothing of it. */
  readonly onStarted?: () => void;
}

let said = 0;

/** START, then STOP, from many at once. */
export async function startThenStop(instance: Instance, options: StartStopOptions): Promise<StartStop> {
  const { prefix, people, repeat, pauseMs, onStarted } = options;
  const stopped = new Map<string, number>();
  let refused = 0;
  let started = 0;

  async function say(identity: string, text: string): Promise<void> {
    said += 1;
    const messageId = `said-${String(said)}`;
    const told = async (): Promise<boolean> => {
      const { status } = await inbound(instance, identity, text, { messageId });
      if (status !== 200 && status !== 503) throw new Error(`inbound answered ${String(status)}`);
      if (status === 503) refused += 1;
      return status === 200 || !repeat;
    };
    await waitFor('an acknowledgement', told, 60_000);
  }

  async function one(n: number): Promise<void> {
    const number = String(n).padStart(6, '0');
    const identity = `${prefix}${number}`;
    await say(identity, 'STOP');
    // Sends in between keep the lane busy, so that replies come at all distances from the STOP.
    await send(instance, `46769${number}`, 'CONTENT_MARKETING');
    await say(identity, 'START');
    started += 1;
    if (started === people) onStarted?.();
    await delay(pauseMs(n));
    await say(identity, 'STOP');
    stopped.set(identity, Date.now());
  }

  await Promise.all(Array.from({ length: people }, (_, n) => one(n)));
  return { stopped, refused };
}

export interface SeenReplies {
  /** START replies that went out to these people. */
  readonly all: readonly PhoneMessage[];
  /** Handed over after the answer to the last STOP. */
  readonly late: readonly PhoneMessage[];
}

/** Once nothing is owed, what the phones got. @param latestMs so long after that answer is still in time */
export async function startReplies(
  instance: Instance,
  { stopped }: StartStop,
  latestMs: number = LATEST_MS.ledgerFile,
): Promise<SeenReplies> {
  await nothingOwed(instance, 60_000);
  const all = (await phone(instance)).filter(
    ({ identity, text }) => stopped.has(identity) && text.includes('get back'),
  );
  const late = all.filter(
    ({ identity, handed_over_at: at }) => Date.parse(at) > (stopped.get(identity) ?? Infinity) + latestMs,
  );
  return { all, late };
}
