import { setTimeout as delay } from 'node:timers/promises';
import { CONTENT_TYPES, LIST_TYPES, type Direction, type ListType } from '../../../domain/lists.js';
import type { ChangeBy, RaceClient } from './race-client.js';
import type { Gate } from './race-gate.js';

export interface RaceOptions {
  readonly contacts: number;
  readonly rounds: number;
  /** Contacts that are played at the same time. */
  readonly atOnce: number;
  /** First digits of the contacts' numbers. */
  readonly prefix: string;
  /** Between two switches of the mode, on average. */
  readonly modeEveryMs: number;
  readonly random: Random;
  readonly gate: Pick<Gate, 'pass'>;
}

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number below `below`. */
  below(below: number): number;
  pick<T>(of: readonly [T, ...T[]]): T;
}

/** Mulberry32: the same seed gives the same interleaving of requests, as far as the network allows. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (of) => of[below(of.length)] ?? of[0] };
}

/** One contact's turn: a change and a send, so close to each other that they race. */
interface Turn {
  readonly identity: string;
  readonly listType: ListType;
  readonly direction: Direction;
  readonly by: ChangeBy;
  readonly contentType: (typeof CONTENT_TYPES)[number];
  /** Ms between the two requests; positive: the send goes first. */
  readonly changeAfterMs: number;
}

/** Plays all rounds, the mode being switched meanwhile; ends in Primary. */
export async function playRace(client: RaceClient, options: RaceOptions): Promise<void> {
  await client.setMode('PRIMARY');
  const over = new AbortController();
  const switching = switchModes(client, options, over.signal);
  const turns = turnsOf(options);
  const workers = Array.from({ length: options.atOnce }, async () => {
    for (const turn of turns) {
      await options.gate.pass();
      await playTurn(client, turn);
    }
  });
  try {
    await Promise.all(workers);
  } finally {
    over.abort();
    await switching;
  }
}

/** Each round in an order of its own. Mostly a contact goes where it is not. */
function* turnsOf({ contacts, rounds, prefix, random }: RaceOptions): Generator<Turn, void, void> {
  const identities = Array.from({ length: contacts }, (_, n) => `${prefix}${String(n).padStart(4, '0')}`);
  const out = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    for (const identity of shuffled(identities, random)) {
      const listType = random.pick(LIST_TYPES);
      const on = `${identity} ${listType}`;
      const direction = out.has(on) === random.next() < 0.85 ? 'OPT_IN' : 'OPT_OUT';
      if (direction === 'OPT_OUT') out.add(on);
      else out.delete(on);
      const by = direction === 'OPT_OUT' && random.next() < 0.25 ? 'batch' : 'message';
      const contentType = random.pick(CONTENT_TYPES);
      yield { identity, listType, direction, by, contentType, changeAfterMs: offset(random) };
    }
  }
}

/** A third at once, a third within 30 ms, a third while the hand-over is likely to be under way. */
function offset(random: Random): number {
  return random.pick([0, random.below(61) - 30, random.below(200)]);
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => [random.next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

async function playTurn(client: RaceClient, turn: Turn): Promise<void> {
  const { identity, listType, direction, by, contentType, changeAfterMs } = turn;
  await Promise.all([
    after(changeAfterMs, () => client.change(identity, listType, direction, by)),
    after(-changeAfterMs, () => client.send(identity, contentType)),
  ]);
}

async function after(ms: number, request: () => Promise<void>): Promise<void> {
  if (ms > 0) await delay(ms);
  await request();
}

/** Secondary for a short while, then Primary for longer. */
async function switchModes(
  client: RaceClient,
  { modeEveryMs, random }: RaceOptions,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    await delay(modeEveryMs * (0.5 + random.next()), undefined, { signal: over }).catch(() => undefined);
    await client.setMode('SECONDARY');
    await delay(modeEveryMs * 0.3, undefined, { signal: over }).catch(() => undefined);
    await client.setMode('PRIMARY');
  }
}
