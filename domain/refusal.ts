/** Why a command was refused. The API's table has a row for each. */
export type RefusalCode =
  | 'app-not-found'
  | 'app-exists'
  | 'webhook-not-found'
  | 'message-not-found'
  | 'project-not-found'
  | 'project-exists'
  | 'access-key-not-found'
  | 'last-admin-key'
  | 'too-many-access-keys'
  | 'too-many-webhooks'
  | 'target-taken'
  | 'stale-revision'
  | 'idempotency-key-reused'
  | 'callback-not-found'
  | 'callback-delivered'
  | 'suspicion-not-found'
  | 'suspicion-settled';

/** A command that cannot be done as things stand; nothing was written. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
  }
}
