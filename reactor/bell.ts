import type { SetTimer } from './ports.js';

/** Lets one loop sleep until something happens; a ring while it is awake is not lost. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after `ms`; at once when the bell has rung since the last time. */
  heard(ms: number): Promise<void>;
}

export function createBell(setTimer: SetTimer): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async heard(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const callOff = setTimer(ms, resolve);
          wake = () => {
            callOff();
            resolve();
          };
        });
        wake = undefined;
      }
      rung = false;
    },
  };
}
