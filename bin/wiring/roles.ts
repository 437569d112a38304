import { InvalidConfiguration, type Config } from '../config.js';

/** What one process does of the whole. */
export interface Role {
  /** Serves the routes; keeps the views that they read. */
  readonly api: boolean;
  /** Stands for the reactor of the ledger; keeps the view of what is owed. */
  readonly reactor: boolean;
  /** Does the owed work. */
  readonly worker: boolean;
}

/** The same code in one process, or as many: see docs/adr/014. */
export const ROLES = {
  all: { api: true, reactor: true, worker: true },
  api: { api: true, reactor: false, worker: false },
  reactor: { api: false, reactor: true, worker: false },
  worker: { api: false, reactor: false, worker: true },
} as const satisfies Record<string, Role>;

export type RoleName = keyof typeof ROLES;

/** How a process calls itself. */
export function titleOf(role: RoleName): string {
  return role === 'all' ? 'optledger' : `optledger ${role}`;
}

/**
 * A role of its own is of no use without what it shares with the others: a file of its own would be another ledger,
 * and a root key of its own would lock the others out.
 * @throws InvalidConfiguration naming everything that is missing
 */
export function requireShared(
  name: RoleName,
  config: Pick<Config, 'ledgerServer' | 'temporal' | 'rootKey'>,
): void {
  if (name === 'all') return;
  const { ledgerServer, temporal, rootKey } = config;
  const missing = [
    ...(ledgerServer === undefined
      ? ['LEDGER_URL (or LEDGER_URL_FILE): expected esdb://…, the ledger of all processes']
      : []),
    ...(temporal.address === undefined
      ? ['TEMPORAL_ADDRESS: expected host:port, the Temporal of all processes']
      : []),
    ...(rootKey.value === undefined && rootKey.file === undefined
      ? ['ROOT_KEY (or ROOT_KEY_FILE): expected the one root key of all processes']
      : []),
  ];
  if (missing.length > 0) {
    throw new InvalidConfiguration(`start:${name} is one of many processes and needs\n${missing.join('\n')}`);
  }
}
