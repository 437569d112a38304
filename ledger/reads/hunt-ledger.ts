import { createHunt, type Unheard } from '../../domain/consent/unheard.js';
import type { ContactStreamEvent, LedgerEvent } from '../../domain/events/events.js';
import type { AppState } from '../../domain/settings.js';
import { START, type Ledger, type Position } from '../ledger.js';
import { appStream } from '../streams.js';
import { appStateOf } from './app-reads.js';
import { readLast } from './as-of.js';
import { readPages } from './read-pages.js';

export interface HuntDeps {
  readonly ledger: Pick<Ledger, 'readAll' | 'readStream'>;
  readonly onProgress: (events: number, position: Position) => void;
}

export interface Hunted {
  /** Inbound messages with a text that were read. */
  readonly texts: number;
  readonly unheard: readonly Unheard[];
}

const CONTACT_EVENTS: ReadonlySet<LedgerEvent['type']> = new Set([
  'message-received',
  'opted-out',
  'opted-in',
  'suspicion-decided',
] satisfies ContactStreamEvent['type'][]);

const isOfContact = (event: LedgerEvent): event is ContactStreamEvent => CONTACT_EVENTS.has(event.type);

/**
 * Reads all inbound texts anew, by the words and phrases of today, and finds who asked for a stop and was not heard. Apps
 * that were deleted are left out, since nothing leaves for them any more.
 */
export async function huntLedger({ ledger, onProgress }: HuntDeps): Promise<Hunted> {
  const hunt = createHunt();
  const apps = new Map<string, AppState | null>();
  let [events, texts] = [0, 0];
  for await (const page of readPages(ledger, START)) {
    for (const { event, position } of page) {
      events += 1;
      if (events % 500 === 0) onProgress(events, position);
      if (!isOfContact(event)) continue;
      const app = await appOf(event.data.appId);
      if (app === null) continue;
      if (event.type === 'message-received' && event.personal?.text !== undefined) texts += 1;
      hunt.read(event, app.consent);
    }
  }
  return { texts, unheard: hunt.unheard() };

  async function appOf(appId: string): Promise<AppState | null> {
    const known = apps.get(appId);
    if (known !== undefined) return known;
    const state = appStateOf(await readLast(ledger, appStream(appId)));
    const app = state === undefined || state.deleted ? null : state;
    apps.set(appId, app);
    return app;
  }
}
