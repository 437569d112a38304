import type { Clock } from '../../domain/clock.js';
import type { LedgerCreated, LedgerEvent } from '../../domain/events/events.js';
import { appendClearly } from '../append-clearly.js';
import type { CursorStore } from '../cursor.js';
import { IDENTITY_RULES } from '../../domain/identity/identity.js';
import { ForeignLedger, OtherIdentityRules, RevisionConflict, WrongRootKey } from '../errors.js';
import { deriveId } from '../event-ids.js';
import { refuseUnfinishedCopy } from '../copy/copy-progress.js';
import { START, type Ledger } from '../ledger.js';
import { nextRecordedAt } from '../recorded-at.js';
import { ensureStoreId } from '../store-id.js';
import type { RootKey } from '../keys/root-key.js';
import { LEDGER_STREAM } from '../streams.js';

/** The names of the reactor's cursors, one for each lane. */
export const REACTOR_CURSORS = ['reactor-messages', 'reactor-callbacks'] as const;

export interface EnsureLedger {
  readonly ledger: Ledger;
  readonly cursors: CursorStore;
  readonly rootKey: Pick<RootKey, 'keyCheck'>;
  /** Makes the id of a new ledger; task queues and workflow ids begin with it. */
  readonly newId: () => string;
  readonly clock: Clock;
}

export interface EnsuredLedger {
  readonly ledgerId: string;
  /** Names the store where the ledger is kept: a copy in another store has the same ledger id and another store id. */
  readonly storeId: string;
}

/**
 * Makes the first event of an empty ledger, or checks that this ledger and the root key belong together.
 * Several processes may do so at once.
 * @throws WrongRootKey, OtherIdentityRules, ForeignLedger, CopyUnfinished
 */
export async function ensureLedger(deps: EnsureLedger): Promise<EnsuredLedger> {
  await refuseUnfinishedCopy(deps.cursors);
  const created = (await findCreated(deps.ledger)) ?? (await create(deps));
  if (created.data.keyCheck !== deps.rootKey.keyCheck) {
    throw new WrongRootKey(
      'the root key is not the one that this ledger was made with; restore root.key from the backup of the ledger',
    );
  }
  refuseOtherRules(created);
  return { ledgerId: created.data.ledgerId, storeId: await ensureStoreId(deps) };
}

/** @throws OtherIdentityRules */
function refuseOtherRules({ data: { identityRules = 1 } }: LedgerCreated): void {
  if (identityRules === IDENTITY_RULES) return;
  const rules = `this ledger tells people apart by identity rules ${String(identityRules)}, this release by ${String(IDENTITY_RULES)}`;
  throw new OtherIdentityRules(
    identityRules > IDENTITY_RULES
      ? `${rules}: start a newer release`
      : `${rules}: bring it over once with \`optledger copy --from <this ledger> --to <a new one>\`, and start with the new one`,
  );
}

async function findCreated(ledger: Ledger): Promise<LedgerCreated | undefined> {
  const [first] = await ledger.readStream(LEDGER_STREAM, { from: 0, direction: 'forwards', limit: 1 });
  return first === undefined ? undefined : asCreated(first.event);
}

function asCreated(event: LedgerEvent): LedgerCreated {
  if (event.type !== 'ledger-created') {
    throw new ForeignLedger(`the ledger begins with ${event.type}, not with ledger-created`);
  }
  return event;
}

async function create(deps: EnsureLedger): Promise<LedgerCreated> {
  const { ledger, clock, rootKey } = deps;
  const [stranger] = await ledger.readAll({ after: START, limit: 1 });
  // Another process may have been faster; otherwise these events are somebody else's.
  if (stranger !== undefined) return asCreated(stranger.event);
  // The cursors come before the event, because a ledger that has events but no cursor does not start the reactor.
  await saveFirstCursors(deps.cursors);
  const ledgerId = deps.newId();
  const recordedAt = nextRecordedAt(clock, undefined);
  const event: LedgerCreated = {
    id: deriveId('ledger-created', ledgerId),
    type: 'ledger-created',
    version: 1,
    data: { ledgerId, keyCheck: rootKey.keyCheck, identityRules: IDENTITY_RULES },
    meta: { recordedAt, occurredAt: recordedAt, actor: { type: 'system' } },
  };
  try {
    await appendClearly({ ledger, clock }, LEDGER_STREAM, [event], 'none');
    return event;
  } catch (error) {
    const other = error instanceof RevisionConflict ? await findCreated(ledger) : undefined;
    if (other === undefined) throw error;
    return other;
  }
}

/** Both lanes begin before the first event; a crash before that event may have left a cursor already. */
async function saveFirstCursors(cursors: CursorStore): Promise<void> {
  for (const name of REACTOR_CURSORS) {
    if ((await cursors.load(name)) !== undefined) continue;
    try {
      await cursors.save(name, { after: START.toString(), batch: null }, 'none');
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
}
