import { describe, expect, it } from 'vitest';
import { decideConsentChange, EMPTY_CONTACT } from '../../../../domain/consent/consent.js';
import { validateEvent } from '../../../../domain/schemas/event-schemas.js';
import { at, byApi, consentOf, context } from '../contact-fixtures.js';
import { sampleUlid, sampleUuid } from '../event-samples.js';

const MARKETING_OUT = { listType: 'OPT_OUT_MARKETING', direction: 'OPT_OUT' } as const;

describe('decideConsentChange', () => {
  it('inserts an opt-out, without reply and without callback', () => {
    const events = decideConsentChange(byApi(1, MARKETING_OUT), context({ nextRevision: 2 }));
    events.forEach(validateEvent);
    expect(events).toEqual([
      {
        id: sampleUuid(10),
        type: 'opted-out',
        version: 1,
        data: {
          projectId: 'p-1',
          appId: 'app-1',
          contactId: 'c'.repeat(32),
          appRevision: 3,
          requestId: sampleUlid(10),
          listType: 'OPT_OUT_MARKETING',
          language: null,
          channel: 'SMS',
          processingMode: 'DISPATCH',
          origin: 'ORIGIN_API',
          moved: ['OPT_OUT_MARKETING'],
          previous: null,
          reply: null,
          notify: false,
          bodyVersion: 1,
          state: {
            standing: {
              OPT_OUT_MARKETING: { optedOut: true, eventId: sampleUuid(10), revision: 2, at: at(0) },
            },
            ownOptOuts: {},
            lastConsent: { eventId: sampleUuid(10), direction: 'OPT_OUT' },
            lastOptInReplyAt: null,
          },
        },
        personal: { identity: '46700000001', sender: '' },
        meta: { recordedAt: at(0), occurredAt: at(0), actor: { type: 'access-key', id: 'key-1' } },
      },
    ]);
  });

  it('fires callbacks where the app wants them', () => {
    const ctx = context({ consent: { callbackOnApi: true } });
    expect(consentOf(decideConsentChange(byApi(1, MARKETING_OUT), ctx)).data.notify).toBe(true);
  });

  it('records a repeat as one that moves nothing, after the event before it', () => {
    const first = consentOf(decideConsentChange(byApi(1, MARKETING_OUT), context()));
    const again = decideConsentChange(
      byApi(2, MARKETING_OUT),
      context({ state: first.data.state, nextRevision: 1 }),
    );
    const { data } = consentOf(again);
    expect(data.moved).toEqual([]);
    expect(data.previous).toEqual({ eventId: first.id, direction: 'OPT_OUT' });
    expect(data.state.standing).toEqual(first.data.state.standing);
  });

  it('opts in on the named list only, whatever START may clear', () => {
    const ctx = context({ consent: { startClearsAll: true } });
    const out = consentOf(decideConsentChange(byApi(1, MARKETING_OUT), ctx)).data.state;
    const all = byApi(2, { listType: 'OPT_OUT_ALL', direction: 'OPT_IN' });
    const unchanged = consentOf(decideConsentChange(all, { ...ctx, state: out }));
    expect(unchanged).toMatchObject({ type: 'opted-in', data: { moved: [], reply: null } });
    const marketing = byApi(3, { listType: 'OPT_OUT_MARKETING', direction: 'OPT_IN' });
    const back = consentOf(decideConsentChange(marketing, { ...ctx, state: out }));
    expect(back.data.moved).toEqual(['OPT_OUT_MARKETING']);
    expect(back.data.state.standing.OPT_OUT_MARKETING?.optedOut).toBe(false);
    expect(back.data.state.lastOptInReplyAt).toBeNull();
  });

  it('is recorded while consent management is off', () => {
    const ctx = context({ consent: { enabled: false } });
    const { data } = consentOf(decideConsentChange(byApi(1, MARKETING_OUT), ctx));
    expect(data.state).not.toEqual(EMPTY_CONTACT);
    expect(data.moved).toEqual(['OPT_OUT_MARKETING']);
  });
});
