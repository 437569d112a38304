import { ErrorType } from '@eventstore/db-client';
import { AppendTooLarge, AppendUnclear, LedgerUnavailable, RevisionConflict } from '../errors.js';
import type { Expected } from '../ledger.js';

/** What is known of a fault of the client, which throws its own errors, plain ones of gRPC, and ones without any code. */
interface Fault {
  readonly type?: string;
  /** gRPC status (grpc.io/docs/guides/status-codes). */
  readonly code?: number;
  readonly actualVersion?: bigint | string;
}

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;

const facts = (error: unknown): Fault => (typeof error === 'object' && error !== null ? error : {});

export const isStreamNotFound = (error: unknown): boolean => facts(error).type === ErrorType.STREAM_NOT_FOUND;

/** Names the kind of a fault for logs and messages, and nothing that a server or a URL put into it. */
export function faultKind(error: unknown): string {
  const { type, code } = facts(error);
  return type ?? (code === undefined ? 'unknown' : `gRPC status ${String(code)}`);
}

/**
 * Says what a failed append means. Whatever is not known to have changed nothing is unclear: a plain error of gRPC, too, a
 * time-out, and an error without any code, which a starting server causes.
 */
export function appendFault(
  error: unknown,
  stream: string,
  expected: Expected,
): RevisionConflict | AppendTooLarge | LedgerUnavailable | AppendUnclear {
  if (error instanceof RevisionConflict || error instanceof AppendUnclear) return error;
  const { type, code, actualVersion } = facts(error);
  if (type === ErrorType.WRONG_EXPECTED_VERSION) {
    return new RevisionConflict(stream, expected, revisionOf(actualVersion));
  }
  if (type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED) {
    return new AppendTooLarge('the server takes no append of this size');
  }
  if (type === ErrorType.STREAM_DELETED) return new LedgerUnavailable(`${stream} was deleted for good`);
  if (type === ErrorType.ACCESS_DENIED || code === PERMISSION_DENIED || code === UNAUTHENTICATED) {
    return new LedgerUnavailable('the ledger server refused the sign-in or the right to write');
  }
  return new AppendUnclear(`an append was not answered: ${faultKind(error)}`);
}

/** "no_stream" is a word, which BigInt cannot read. */
function revisionOf(actual: bigint | string | undefined): Expected {
  return typeof actual === 'bigint' ? Number(actual) : 'none';
}

/** A read that failed, with what the client made of it: its own type of fault and the gRPC status, where it had any. */
export class ReadFault extends LedgerUnavailable {
  readonly type: string | undefined;
  readonly code: number | undefined;

  constructor(error: unknown) {
    super(`the ledger server did not answer a read: ${faultKind(error)}`);
    const { type, code } = facts(error);
    this.type = type;
    this.code = code;
  }
}

export function readFault(error: unknown): ReadFault {
  return new ReadFault(error);
}
