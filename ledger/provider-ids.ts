/** Remembers which message a provider's id stood for, to warn of ids that come again with another text. */
export interface ProviderIds {
  /** @param key what makes the provider's id unique; nothing personal @returns true when it meant another event before */
  isReused(key: readonly string[], eventId: string): boolean;
}

/**
 * Knows the last `limit` ids of this process. Gateways that restart their counters reuse ids soon and often,
 * so the warning comes all the same; that both messages count does not rest on it.
 */
export function createProviderIds(limit = 20_000): ProviderIds {
  const known = new Map<string, string>();
  return {
    isReused(parts, eventId) {
      const key = JSON.stringify(parts);
      const before = known.get(key);
      if (before === eventId) return false;
      // Set again at the end: the map's order is the order of forgetting.
      known.delete(key);
      known.set(key, eventId);
      if (known.size > limit) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
      return before !== undefined;
    },
  };
}
