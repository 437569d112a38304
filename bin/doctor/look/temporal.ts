import { Connection } from '@temporalio/client';
import type { Config } from '../../config.js';
import { temporalVersionOf } from '../../temporal/temporal-find.js';
import { temporalAtHand } from '../../temporal/temporal-ladder.js';
import { namespaceAdmin, SEARCH_ATTRIBUTES } from '../../temporal/temporal-namespace.js';
import type { Finding } from '../finding.js';
import {
  judgeTemporal,
  judgeTemporalClock,
  judgeTemporalCommand,
  type TemporalSeen,
} from '../judge/temporal.js';
import { systemClock } from '../../machine/system-clock.js';

const TIMEOUT_MS = 5_000;
/** Of `temporal.api.enums.v1.IndexedValueType`, those that we use. */
const TYPE_NAMES: Readonly<Record<number, string>> = { 2: 'Keyword', 3: 'Int', 6: 'Datetime' };

interface LookAtTemporal {
  readonly config: Config;
  /** A running instance says itself whether the server that it started answers. */
  readonly running: boolean;
  /** Address of its UI, whose answers carry its clock. */
  readonly uiUrl: string | undefined;
  readonly now: () => number;
}

export async function lookAtTemporal({ config, running, uiUrl, now }: LookAtTemporal): Promise<Finding[]> {
  const { address, namespace, executable } = config.temporal;
  const clock = async (): Promise<Finding[]> =>
    judgeTemporalClock(uiUrl === undefined ? null : await clockAhead(uiUrl, now));
  if (address !== undefined) {
    return [...judgeTemporal(await askServer(address, namespace)), ...(await clock())];
  }
  if (running) return clock();
  return [judgeTemporalCommand(await commandOf(config), executable)];
}

async function commandOf({
  temporal: { executable },
  machine,
}: Config): Promise<{ readonly executable: string; readonly version: string } | undefined> {
  if (executable === undefined) return temporalAtHand(machine);
  const version = await temporalVersionOf(executable);
  return version === undefined ? undefined : { executable, version };
}

async function askServer(address: string, namespace: string): Promise<TemporalSeen> {
  const seen = {
    address,
    namespace,
    reachable: false,
    hasNamespace: false,
    missingAttributes: [],
    version: '',
  };
  const connection = Connection.lazy({ address });
  try {
    return await connection.withDeadline(systemClock.now() + TIMEOUT_MS, async () => {
      const { serverVersion } = await connection.workflowService.getSystemInfo({});
      const admin = namespaceAdmin(connection, namespace);
      const hasNamespace = await admin.retention().then(
        () => true,
        () => false,
      );
      const missingAttributes = hasNamespace ? await missingOf(() => admin.searchAttributes()) : [];
      return { ...seen, reachable: true, hasNamespace, missingAttributes, version: serverVersion };
    });
  } catch {
    return seen;
  } finally {
    await connection.close();
  }
}

async function missingOf(
  read: () => Promise<Readonly<Record<string, number>>>,
): Promise<TemporalSeen['missingAttributes']> {
  try {
    const present = await read();
    return Object.entries(SEARCH_ATTRIBUTES)
      .filter(([name]) => present[name] === undefined)
      .map(([name, type]) => ({ name, type: TYPE_NAMES[type] ?? String(type) }));
  } catch {
    return null;
  }
}

/** By how much the clock of a server is ahead of ours, ms, by the `Date` of its answer (RFC 9110); null untold. */
async function clockAhead(url: string, now: () => number): Promise<number | null> {
  try {
    const asked = now();
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    const date = Date.parse(answer.headers.get('date') ?? '');
    // Sent between the two; it has whole seconds only.
    return Number.isNaN(date) ? null : date + 500 - (asked + now()) / 2;
  } catch {
    return null;
  }
}
