import { setTimeout as delay } from 'node:timers/promises';
import { CONTENT_TYPES, LIST_TYPES } from '../../../domain/lists.js';
import { openGate } from '../races/race-gate.js';
import { createRandom } from '../races/race-play.js';
import { waitFor } from '../wait-for.js';
import type { ChaosClient } from './chaos-client.js';

/** Opt-outs, opt-ins and sends of the same contacts, close enough to race, until `stop`. */
export interface ChaosLoad {
  /** Resolves when so many more requests of each kind have been acknowledged. */
  flows(more: number): Promise<void>;
  /** Resolves when what is under way has been acknowledged. @throws when a message never was */
  stop(): Promise<void>;
}

export interface ChaosLoadOptions {
  readonly clients: readonly [ChaosClient, ...ChaosClient[]];
  readonly seed: number;
  readonly prefix: string;
  /** How many messages are owed; what it throws, during a fault, stops nobody. */
  readonly owed: () => Promise<number>;
}

/** Contacts that are played at the same time, each by one loop alone: its own changes never overlap. */
const LOOPS = 4;
/** Enough for a fault to hit work at every stage; more would measure how long a full machine takes to recover. */
const LONGEST_PAUSE_MS = 400;
const CONTACTS_EACH = 30;
const FLOWS_MS = 60_000;
/**
 * Messages owed at the same time: more than ten seconds of a fault leave behind. Without an end a slow machine would
 * gather a backlog over the rounds, and what is measured would be the machine.
 */
const MOST_OWED = 250;

export function startChaosLoad({ clients, seed, prefix, owed }: ChaosLoadOptions): ChaosLoad {
  const random = createRandom(seed);
  let stopped = false;
  // During a fault nobody may know how many are owed: that stops nobody.
  const gate = openGate(() => owed().catch(() => 0), MOST_OWED);

  async function turn(loop: number): Promise<void> {
    const client = random.pick(clients);
    const identity = `${prefix}${String(loop)}${String(random.below(CONTACTS_EACH)).padStart(3, '0')}`;
    const [listType, contentType] = [random.pick(LIST_TYPES), random.pick(CONTENT_TYPES)];
    const direction = random.pick(['OPT_OUT', 'OPT_IN'] as const);
    const aheadMs = random.pick([0, random.below(61) - 30, random.below(200)]);
    await Promise.all([
      delay(Math.max(aheadMs, 0)).then(() => client.change(identity, listType, direction)),
      delay(Math.max(-aheadMs, 0)).then(() => client.send(identity, contentType)),
    ]);
    await delay(random.below(LONGEST_PAUSE_MS));
  }

  const loops = Array.from({ length: LOOPS }, async (_, n) => {
    while (!stopped) {
      await gate.pass();
      await turn(n);
    }
  });
  const total = (of: (client: ChaosClient) => number): number =>
    clients.reduce((sum, client) => sum + of(client), 0);
  const inbound = (): number => total(({ acknowledged }) => acknowledged.inbound.size);
  const sends = (): number => total(({ acknowledged }) => acknowledged.sends.size);
  return {
    async flows(more) {
      const before = [inbound(), sends()] as const;
      await waitFor(
        'the load flows',
        () => inbound() >= before[0] + more && sends() >= before[1] + more,
        FLOWS_MS,
      );
    },
    async stop() {
      stopped = true;
      await gate.close();
      await Promise.all(loops);
    },
  };
}
