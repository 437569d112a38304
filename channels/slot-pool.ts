import type { OutboundMessage } from './channel.js';
import { createWaitingLine } from './waiting-line.js';

/** Who asks for a slot. */
export interface SlotRequest {
  /** An answer to a person: goes before everything else, and finds places that are kept for it. */
  readonly urgent?: boolean;
  /** Aborted: whoever still waits leaves the line. */
  readonly signal?: AbortSignal;
}

/** Bounds how many calls run at once, first come first served. */
export interface SlotPool {
  /**
   * Waits for a slot; the function gives it back, once, however often it is called.
   * @throws GaveUp where the signal aborted before there was one
   */
  take(request?: SlotRequest): Promise<() => void>;
}

/** Whoever waited for a slot waits no longer. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp';
}

/** What a message asks for: a reply is somebody's answer. */
export function slotFor(
  { kind }: Pick<OutboundMessage, 'kind'>,
  signal: AbortSignal | undefined,
): SlotRequest {
  return { urgent: kind === 'REPLY', ...(signal && { signal }) };
}

type Who = 'urgent' | 'usual';

/** @param kept slots that only urgent calls get */
export function createSlotPool(limit: number, kept = 0): SlotPool {
  const lines = { urgent: createWaitingLine<() => void>(), usual: createWaitingLine<() => void>() };
  const taken = { urgent: 0, usual: 0 };

  const isFree = (who: Who): boolean =>
    taken.urgent + taken.usual < limit && (who === 'urgent' || taken.usual < limit - kept);

  /** Lets in whoever goes next, if anybody may. */
  function admit(): void {
    const who = lines.urgent.length > 0 ? 'urgent' : 'usual';
    if (!isFree(who)) return;
    const granted = lines[who].next();
    if (granted === undefined) return;
    taken[who]++;
    granted();
  }

  function slot(who: Who): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      taken[who]--;
      admit();
    };
  }

  function waitIn(line: (typeof lines)[Who], signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = line.join(() => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      });
      const giveUp = (): void => {
        leave();
        reject(new GaveUp('while waiting for a slot'));
      };
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  return {
    async take({ urgent = false, signal } = {}) {
      if (signal?.aborted === true) throw new GaveUp('before waiting for a slot');
      const who = urgent ? 'urgent' : 'usual';
      if (lines[who].length === 0 && isFree(who)) taken[who]++;
      else await waitIn(lines[who], signal);
      return slot(who);
    },
  };
}

/** One pool for each key, made when it is asked for first. */
export function createSlotPools(limit: number, kept = 0): { of(key: string): SlotPool } {
  const pools = new Map<string, SlotPool>();
  return {
    of(key) {
      const pool = pools.get(key) ?? createSlotPool(limit, kept);
      pools.set(key, pool);
      return pool;
    },
  };
}
