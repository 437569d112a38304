import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { EVENT_SCHEMAS } from '../../../../domain/schemas/event-schemas.js';
import type { EventType, LedgerEvent } from '../../../../domain/events/events.js';

/** Without `readonly`, which schemas do not speak of, and without keys that can never be there. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [K in keyof T as Exclude<T[K], undefined> extends never ? never : K]: Plain<T[K]> }
    : T;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The event types whose schema accepts another shape than their TypeScript type; checked by the compiler. */
type Different = {
  [T in EventType]: Equal<
    Plain<z.output<(typeof EVENT_SCHEMAS)[T]>>,
    Plain<Extract<LedgerEvent, { readonly type: T }>>
  > extends true
    ? never
    : T;
}[EventType];

describe('types of the event schemas', () => {
  it('are the TypeScript types, neither wider nor narrower', () => {
    expectTypeOf<Different>().toBeNever();
    expectTypeOf<keyof typeof EVENT_SCHEMAS>().toEqualTypeOf<EventType>();
  });

  it('would not be equal with one optional key more', () => {
    expectTypeOf<Equal<Plain<{ readonly a: 1 }>, { a: 1 }>>().toEqualTypeOf<true>();
    expectTypeOf<Equal<Plain<{ readonly a: 1; readonly b?: 2 }>, { a: 1 }>>().toEqualTypeOf<false>();
    expectTypeOf<Equal<Plain<{ readonly a?: 1 }>, { a?: 1 | undefined }>>().toEqualTypeOf<false>();
  });
});
