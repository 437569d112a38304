import fc from 'fast-check';
import { decideConsentChange, decideInbound, EMPTY_CONTACT } from '../../../domain/consent/consent.js';
import type { ContactEvent } from '../../../domain/events/events.js';
import { LIST_TYPES, type Direction, type ListType } from '../../../domain/lists.js';
import { at, byApi, context, inbound } from './contact-fixtures.js';

/** What the texts of random histories mean: the test's own table. */
export const MEANINGS: Readonly<Record<string, readonly [ListType, Direction]>> = {
  STOP: ['OPT_OUT_ALL', 'OPT_OUT'],
  start: ['OPT_OUT_ALL', 'OPT_IN'],
  'Salir  Marketing': ['OPT_OUT_MARKETING', 'OPT_OUT'],
  'VOLTAR MARKETING': ['OPT_OUT_MARKETING', 'OPT_IN'],
  'stop notification': ['OPT_OUT_NOTIFICATION', 'OPT_OUT'],
  OptIn_Notification_PT: ['OPT_OUT_NOTIFICATION', 'OPT_IN'],
};

const settings = fc.record({
  enabled: fc.constantFrom(true, true, true, false),
  startClearsAll: fc.boolean(),
  autoReply: fc.constantFrom(true, true, false),
  callbackOnApi: fc.boolean(),
  suspectedStops: fc.constantFrom('flag' as const, 'hold' as const, 'obey' as const),
});

/** What sentences mean, where an app obeys them. */
export const SENTENCES: Readonly<Record<string, ListType>> = {
  'please stop texting me': 'OPT_OUT_ALL',
  'stop sending me promotions': 'OPT_OUT_MARKETING',
  'arretez de m’envoyer des messages': 'OPT_OUT_ALL',
};

const step = fc.record({
  text: fc.constantFrom(undefined, 'hello', ...Object.keys(MEANINGS), ...Object.keys(SENTENCES)),
  /** In place of a text, where given. */
  api: fc.option(
    fc.record({
      listType: fc.constantFrom(...LIST_TYPES),
      direction: fc.constantFrom('OPT_OUT' as const, 'OPT_IN' as const),
      /** How long ago the evidence was obtained, s; null: there is none. */
      evidenceAgoS: fc.option(fc.constantFrom(-10, 0, 1, 59, 500)),
    }),
    { freq: 4 },
  ),
  waitS: fc.constantFrom(0, 1, 30, 59, 60, 400, 200_000),
  settings,
});
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

export const steps = fc.array(step, { minLength: 1, maxLength: 30 });

export interface Entry {
  readonly step: Step;
  readonly revision: number;
  readonly event: ContactEvent;
}

/** What the ledger would hold after the steps: each decision rests on the state that the last event carries. */
export function play(history: readonly Step[]): readonly Entry[] {
  const entries: Entry[] = [];
  let seconds = 0;
  history.forEach((one, n) => {
    seconds += one.waitS;
    const ctx = context({
      state: entries.at(-1)?.event.data.state ?? EMPTY_CONTACT,
      nextRevision: entries.length,
      recordedAt: at(seconds),
      consent: one.settings,
    });
    const { evidenceAgoS = null, ...change } = one.api ?? {};
    const evidence =
      evidenceAgoS === null ? {} : { evidence: { obtainedAt: at(seconds - evidenceAgoS), text: 'ticked' } };
    const events =
      one.api === null
        ? decideInbound(inbound(n + 1, one.text), ctx)
        : decideConsentChange(byApi(n + 1, { ...(change as typeof one.api), ...evidence }), ctx);
    for (const event of events) entries.push({ step: one, revision: entries.length, event });
  });
  return entries;
}
