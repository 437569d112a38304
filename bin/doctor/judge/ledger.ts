import { fault, ok, span, type Finding } from '../finding.js';

/** How a root key and a ledger belong together; messages of `RootKeyInvalid` name file or variable, never the key. */
export type RootKeySeen =
  | { readonly state: 'usable'; readonly keyCheck: string }
  | { readonly state: 'unusable'; readonly cause: string };

export function judgeRootKey(key: RootKeySeen, ledgerKeyCheck: string | undefined): Finding {
  const check = 'root-key';
  const remedy =
    'put back the root.key that was backed up with this ledger (or correct ROOT_KEY / ROOT_KEY_FILE); never make a new one';
  if (ledgerKeyCheck === undefined) {
    return key.state === 'usable'
      ? ok(check, 'there is a root key, and no ledger yet')
      : ok(check, 'the first start makes the root key');
  }
  if (key.state === 'unusable') return fault(check, key.cause, remedy);
  if (key.keyCheck !== ledgerKeyCheck) {
    return fault(
      check,
      'the root key is not the one that this ledger was made with: nobody would be blocked',
      remedy,
    );
  }
  return ok(check, 'the root key belongs to this ledger');
}

export function judgeCursors(missing: readonly string[]): Finding[] {
  if (missing.length === 0) return [];
  const text = `the ledger has events but no reactor cursor (${missing.join(', ')}): nothing is handed over`;
  const remedy =
    'stop the instance, then: optledger reactor set --at end   (or --at <position> of the last hand-over)';
  return [fault('reactor', text, remedy)];
}

/** Clocks of one machine step by this much at most. */
const TOLERATED_MS = 2_000;

/** @param lastRecordedAt of the ledger's last event, RFC 3339 */
export function judgeLedgerClock(now: number, lastRecordedAt: string): Finding {
  const ahead = Date.parse(lastRecordedAt) - now;
  if (ahead <= TOLERATED_MS) return ok('clock', "this clock is not behind the ledger's last event");
  return fault(
    'clock',
    `this clock is ${span(ahead)} behind the ledger's last event: new events would carry that time`,
    'set the clock right and let it follow a time server (timedatectl set-ntp true)',
  );
}
