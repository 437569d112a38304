/** An event of any age, as it was stored. */
export interface StoredEvent {
  readonly type: string;
  readonly version: number;
  readonly [key: string]: unknown;
}

/** Turns one version of an event into the next; pure, and never changed once an event of that version exists. */
export type Upcaster = (event: StoredEvent) => StoredEvent;

/** Names the upcasters by type of event and by the version that each takes. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcaster>>>>;

/** Every event type stands at its first version. */
export const UPCASTERS: Upcasters = {};

/** Brings an event step by step to the newest version of its type; the result's version is always set here. */
export function upcast(event: StoredEvent, upcasters: Upcasters): StoredEvent {
  const steps = Object.hasOwn(upcasters, event.type) ? upcasters[event.type] : undefined;
  if (steps === undefined) return event;
  let newest = event;
  for (let step = steps[newest.version]; step !== undefined; step = steps[newest.version]) {
    newest = { ...step(newest), type: event.type, version: newest.version + 1 };
  }
  return newest;
}
