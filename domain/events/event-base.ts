/** Who caused an event. */
export type Actor =
  | { readonly type: 'contact' }
  | { readonly type: 'access-key'; readonly id: string }
  | { readonly type: 'provider'; readonly name: string }
  | { readonly type: 'system' };

export interface EventMeta {
  /** RFC 3339 UTC with ms; within a stream never before the previous event's. */
  readonly recordedAt: string;
  /** RFC 3339 UTC; when it happened, by the provider's clock where it gave one. */
  readonly occurredAt: string;
  readonly actor: Actor;
  readonly causationId?: string;
  readonly correlationId?: string;
}

export interface EventOf<T extends string, D, P = never> {
  /** UUID, unique in the ledger; derived where the same fact can arrive twice. */
  readonly id: string;
  readonly type: T;
  readonly version: 1;
  readonly data: D;
  /** The only place for identities and texts. */
  readonly personal?: P;
  readonly meta: EventMeta;
}

/** A request carries this version so that its callback bodies stay byte-identical for ever. */
export type BodyVersion = 1;
