import { StartUnavailable } from './errors.js';

/** What keeps the reactor from its work, by the part that noticed. */
export interface ReactorHealth {
  /** A part works again. */
  well(part: string): void;
  /** A part failed. "Unavailable" is no fault of ours: it is tried again and does not count. */
  ill(part: string, error: unknown): void;
  /** Null when nothing is wrong. */
  cause(): string | null;
}

export function createReactorHealth(): ReactorHealth {
  const causes = new Map<string, string>();
  return {
    well: (part) => void causes.delete(part),
    ill(part, error) {
      if (error instanceof StartUnavailable) return;
      const text = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown fault';
      causes.set(part, `${part}: ${text}`);
    },
    cause: () => (causes.size === 0 ? null : [...causes.values()].join('; ')),
  };
}
