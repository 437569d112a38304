/**
 * The names of these faults may leave the process in errors, results and logs. Their messages may not, because they might
 * quote what must not stand in a workflow history.
 */
const KNOWN = new Set([
  'RevisionConflict',
  'AppendUnclear',
  'LedgerUnavailable',
  'InvalidEvent',
  'EventIdTaken',
  'AppendTooLarge',
  'TooManyConflicts',
  'UnsealFailed',
  'MessageUnreadable',
]);

/** Gives a short code for anything thrown; `Fault` for what is not known by name. */
export function faultCode(error: unknown): string {
  return error instanceof Error && KNOWN.has(error.name) ? error.name : 'Fault';
}
