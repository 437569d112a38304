/** Remembers which message a provider's id stood for, to warn of ids that come again with another text. */
export interface ProviderIds {
  /**
   * @param scope what the id is unique within; nothing personal, no line breaks
   * @returns true when the id meant another event before
   */
  isReused(scope: string, providerMessageId: string, eventId: string): boolean;
}

/**
 * Knows at least the last `limit` ids of this process. Gateways that restart their counters reuse ids soon and
 * often, so the warning comes all the same; that both messages count does not rest on it.
 */
export function createProviderIds(limit = 10_000): ProviderIds {
  // There are two generations, because dropping the oldest entry of one large map, one at a time, gets slow.
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  return {
    isReused(scope, providerMessageId, eventId) {
      const key = `${scope}\n${providerMessageId}`;
      const before = young.get(key) ?? old.get(key);
      if (young.size >= limit) {
        old = young;
        young = new Map();
      }
      young.set(key, eventId);
      return before !== undefined && before !== eventId;
    },
  };
}
