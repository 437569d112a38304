import { existsSync, statSync } from 'node:fs';
import type { LedgerCreated } from '../../../domain/events/events.js';
import { REACTOR_CURSORS } from '../../../ledger/commands/create-ledger.js';
import { inspectLedger, type LedgerInspection } from '../../../ledger/sqlite/inspect-ledger.js';
import { openRootKey, type RootKey } from '../../../ledger/keys/root-key.js';
import { copyingFile, restoringFile } from '../../../ledger/sqlite/restore-files.js';
import { loadRootKey } from '../../../ledger/keys/root-key-file.js';
import type { Config } from '../../config.js';
import { fault, ok, type Finding } from '../finding.js';
import { judgeCursors, judgeLedgerClock, judgeRootKey, type RootKeySeen } from '../judge/ledger.js';

export interface LedgerLook {
  readonly findings: readonly Finding[];
  /** Undefined where there is none, or none that can be read. To be closed by the caller. */
  readonly ledger: LedgerInspection | undefined;
  /** Undefined where there is none that belongs to this ledger. */
  readonly rootKey: RootKey | undefined;
}

const UNFINISHED_RESTORE = fault(
  'restore',
  'a restore into this folder was broken off: no instance starts on it',
  'run the same `optledger restore` again, which goes on where it was; or empty the data folder',
);

/** The ledger's file and its root key. */
export function lookAtLedger(config: Config, now: number): LedgerLook {
  const { seen, rootKey } = readRootKey(config);
  const nothing = { ledger: undefined, rootKey: undefined };
  if (config.ledgerServer !== undefined) {
    const said = ok('ledger', 'the ledger is on a server, which is not looked into: a start checks it');
    return { findings: [said], ...nothing };
  }
  const unfinished = [copyingFile, restoringFile].filter((of) => existsSync(of(config.ledgerFile)));
  if (unfinished.length > 0) return { findings: [UNFINISHED_RESTORE], ...nothing };
  // A start that was cut short leaves a file of no bytes.
  if (!existsSync(config.ledgerFile) || isEmpty(config.ledgerFile)) {
    return { findings: [judgeRootKey(seen, undefined)], ...nothing };
  }
  try {
    const ledger = inspectLedger(config.ledgerFile);
    const created = ledger.first?.event as LedgerCreated | undefined;
    const key = judgeRootKey(seen, created?.data.keyCheck);
    const missing = REACTOR_CURSORS.filter((name) => created !== undefined && !ledger.hasCursor(name));
    const findings = [
      ok('ledger', `the ledger has ${String(ledger.head)} events`),
      key,
      ...(ledger.last === undefined ? [] : [judgeLedgerClock(now, ledger.last.event.meta.recordedAt)]),
      ...judgeCursors(missing),
    ];
    return { findings, ledger, rootKey: key.level === 'ok' ? rootKey : undefined };
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'unknown fault';
    const remedy = 'run this as the user that owns the file; a damaged ledger is put back from its backup';
    const unreadable = fault('ledger', `the ledger cannot be read: ${cause}`, remedy);
    return { findings: [unreadable], ...nothing };
  }
}

/** `ledgerIsEmpty` is false whatever is there: a look makes no key. */
function readRootKey({ rootKey }: Config): { seen: RootKeySeen; rootKey?: RootKey } {
  try {
    const opened = openRootKey(loadRootKey({ ...rootKey, ledgerIsEmpty: false }));
    return { seen: { state: 'usable', keyCheck: opened.keyCheck }, rootKey: opened };
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'the root key cannot be read';
    return { seen: { state: 'unusable', cause } };
  }
}

const isEmpty = (file: string): boolean => statSync(file).size === 0;
