import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { monotonicMs } from '../machine/system-clock.js';

/** Temporal's numbers of the types (`temporal.api.enums.v1.IndexedValueType`). */
const KEYWORD = 2;
const INT = 3;
const DATETIME = 6;

/** What an operator can search single-item workflows by. Ids and figures only; never an identity or a text. */
export const SEARCH_ATTRIBUTES: Readonly<Record<string, number>> = {
  OptApp: KEYWORD,
  OptEndpoint: KEYWORD,
  OptTrigger: KEYWORD,
  OptState: KEYWORD,
  OptAttempts: INT,
  OptNextAttempt: DATETIME,
};

/** The side of a Temporal cluster that is set up at start; types are Temporal's numbers of indexed value types. */
export interface NamespaceAdmin {
  /** Seconds that ended workflows are kept. Throws where the namespace does not exist. */
  retention: () => Promise<number>;
  setRetention: (seconds: number) => Promise<void>;
  searchAttributes: () => Promise<Record<string, number>>;
  addSearchAttributes: (types: Record<string, number>) => Promise<void>;
}

export interface NamespaceState {
  /** Whether workflows may carry the search attributes. */
  searchAttributes: boolean;
  /** Why not. */
  reason?: string;
}

const VISIBLE_MS = 10_000;

/**
 * Makes a namespace ready: retention (where hours are given: an embedded server is ours, a shared cluster is not) and
 * search attributes. Where those are refused, everything works without them; the caller says so.
 * @throws what describing the namespace throws: no such namespace, no permission, unreachable.
 */
export async function prepareNamespace(
  admin: NamespaceAdmin,
  { retentionHours }: { retentionHours?: number } = {},
): Promise<NamespaceState> {
  const retention = await admin.retention();
  if (retentionHours !== undefined && retention !== retentionHours * 3600) {
    await admin.setRetention(retentionHours * 3600);
  }
  try {
    return await ensureSearchAttributes(admin);
  } catch (error) {
    return { searchAttributes: false, reason: error instanceof Error ? error.message : 'unknown error' };
  }
}

async function ensureSearchAttributes(admin: NamespaceAdmin): Promise<NamespaceState> {
  const wanted = Object.entries(SEARCH_ATTRIBUTES);
  const present = await admin.searchAttributes();
  const clash = wanted.find(([name, type]) => present[name] !== undefined && present[name] !== type);
  if (clash !== undefined) return { searchAttributes: false, reason: `${clash[0]} exists with another type` };

  const missing = wanted.filter(([name]) => present[name] === undefined);
  if (missing.length > 0) await admin.addSearchAttributes(Object.fromEntries(missing));
  // A cluster shows them after some seconds; a workflow that carries one before is refused.
  const deadline = monotonicMs() + VISIBLE_MS;
  for (;;) {
    const seen = await admin.searchAttributes();
    if (wanted.every(([name]) => seen[name] !== undefined)) return { searchAttributes: true };
    if (monotonicMs() > deadline) return { searchAttributes: false, reason: 'added, but not visible yet' };
    await sleep(100);
  }
}

/** The admin side of a real connection. */
export function namespaceAdmin(connection: Connection, namespace: string): NamespaceAdmin {
  const { workflowService, operatorService } = connection;
  return {
    retention: async () => {
      const { config } = await workflowService.describeNamespace({ namespace });
      return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    },
    setRetention: async (seconds) => {
      const workflowExecutionRetentionTtl = msToTs(seconds * 1000);
      await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
    },
    searchAttributes: async () =>
      (await operatorService.listSearchAttributes({ namespace })).customAttributes,
    addSearchAttributes: async (searchAttributes) => {
      await operatorService.addSearchAttributes({ namespace, searchAttributes });
    },
  };
}
