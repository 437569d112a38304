import { randomBytes, randomUUID } from 'node:crypto';

/** The machine's randomness; everything else gets its ids as an argument. */
export const newUuid = (): string => randomUUID();

/** Eight characters: enough to tell a ledger or a store from the few others that one meets. */
export const newShortId = (): string => randomBytes(4).toString('hex');
