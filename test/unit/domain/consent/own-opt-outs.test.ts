import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideConsentChange, decideInbound, EMPTY_CONTACT } from '../../../../domain/consent/consent.js';
import { parseEvent } from '../../../../domain/schemas/event-schemas.js';
import type { ContactState } from '../../../../domain/events/events.js';
import { optInRefusedBy } from '../../../../domain/consent/own-opt-outs.js';
import { at, byApi, consentOf, context, inbound } from '../contact-fixtures.js';
import { EVENT_SAMPLES } from '../event-samples.js';

const MARKETING = 'OPT_OUT_MARKETING';

/** A contact's history, one decision a second; the state and the ids of the events are kept. */
class Contact {
  state: ContactState = EMPTY_CONTACT;
  revision = -1;
  second = 0;
  readonly ids: string[] = [];
  private get ctx() {
    return context({ state: this.state, nextRevision: this.revision + 1, recordedAt: at(this.second) });
  }
  private take(events: ReturnType<typeof decideInbound>): string {
    this.revision += events.length;
    this.state = events.at(-1)?.data.state ?? this.state;
    this.second += 1;
    const id = events.at(-1)?.id ?? '';
    this.ids.push(id);
    return id;
  }
  write(text: string): string {
    return this.take(decideInbound(inbound(this.ids.length + 1, text), this.ctx));
  }
  record(direction: 'OPT_OUT' | 'OPT_IN', obtained?: number): string {
    const evidence = obtained === undefined ? {} : { evidence: { obtainedAt: at(obtained), text: 'ticked' } };
    const command = byApi(this.ids.length + 1, { listType: MARKETING, direction, ...evidence });
    return this.take(decideConsentChange(command, this.ctx));
  }
  against(obtained?: number): string | undefined {
    return optInRefusedBy(this.state, MARKETING, obtained === undefined ? undefined : at(obtained))?.eventId;
  }
}

describe('what speaks against an opt-in by API', () => {
  it('is nothing for a new contact, and nothing that a system did', () => {
    const contact = new Contact();
    expect(contact.against()).toBeUndefined();
    contact.record('OPT_OUT');
    expect([contact.against(), contact.against(-1)]).toEqual([undefined, undefined]);
  });

  it('is the person’s own STOP, for no and for older evidence', () => {
    const contact = new Contact();
    const stop = contact.write('STOP MARKETING');
    expect([contact.against(), contact.against(-1), contact.against(0)]).toEqual([stop, stop, stop]);
    expect(contact.against(1)).toBeUndefined();
  });

  it('is a STOP also where the list was left already', () => {
    const contact = new Contact();
    contact.record('OPT_OUT');
    const stop = contact.write('STOP MARKETING');
    expect(contact.state.standing[MARKETING]?.eventId).not.toBe(stop);
    expect([contact.against(), contact.against(1), contact.against(2)]).toEqual([stop, stop, undefined]);
  });

  it('is an opt-out by API that has evidence, counted from when that was obtained', () => {
    const contact = new Contact();
    contact.second = 100;
    const out = contact.record('OPT_OUT', 40);
    expect([contact.against(), contact.against(40), contact.against(41)]).toEqual([out, out, undefined]);
  });

  it('stands until somebody opts in; older evidence stays refused', () => {
    const contact = new Contact();
    contact.second = 10;
    const stop = contact.write('STOP MARKETING');
    contact.write('START MARKETING');
    expect([contact.against(), contact.against(10), contact.against(11)]).toEqual([
      undefined,
      stop,
      undefined,
    ]);
    // Now a system takes the person off: that may be undone without evidence.
    contact.record('OPT_OUT');
    expect(contact.against()).toBeUndefined();
  });

  it('stays the newest moment when an older one is recorded late', () => {
    const contact = new Contact();
    contact.second = 50;
    contact.write('STOP MARKETING');
    const late = contact.record('OPT_OUT', 10);
    expect([contact.against(49), contact.against(50), contact.against(51)]).toEqual([late, late, undefined]);
  });

  it('is of its own list alone', () => {
    const contact = new Contact();
    contact.write('STOP');
    contact.write('STOP NOTIFICATION');
    expect(contact.against()).toBeUndefined();
  });

  it('errs towards the person where older events kept nothing', () => {
    const contact = new Contact();
    const out = contact.record('OPT_OUT');
    const { ownOptOuts: _, ...old } = contact.state;
    contact.state = old;
    expect([contact.against(), contact.against(0), contact.against(1)]).toEqual([out, out, undefined]);
    contact.write('hello');
    const start = contact.record('OPT_IN', 5);
    expect(contact.state.standing[MARKETING]?.eventId).toBe(start);
    expect(contact.state.ownOptOuts?.[MARKETING]?.eventId).toBe(out);
    expect(contact.against()).toBeUndefined();
  });

  it('is what a plain model says, over random histories', () => {
    const step = fc.record({
      kind: fc.constantFrom('stop', 'start', 'api out', 'api in', 'other'),
      obtainedAgo: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
    });
    const asked = fc.option(fc.integer({ min: -5, max: 40 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), asked, (steps, obtained) => {
        const contact = new Contact();
        contact.second = 15;
        let own: number | undefined;
        let on = false;
        let ownStands = false;
        for (const { kind, obtainedAgo } of steps) {
          const now = contact.second;
          const shown = obtainedAgo === undefined ? undefined : now - obtainedAgo;
          if (kind === 'stop') contact.write('STOP MARKETING');
          if (kind === 'start') contact.write('START MARKETING');
          if (kind === 'other') contact.write('STOP');
          if (kind === 'api out') contact.record('OPT_OUT', shown);
          if (kind === 'api in') contact.record('OPT_IN', shown);
          const said = kind === 'stop' ? now : kind === 'api out' ? shown : undefined;
          if (kind === 'start' || kind === 'api in') {
            on = false;
            ownStands = false;
          }
          if (kind === 'stop' || kind === 'api out') on = true;
          if (said !== undefined) {
            own = Math.max(own ?? -Infinity, said);
            ownStands = on;
          }
        }
        const refused = own !== undefined && (obtained === undefined ? ownStands : obtained <= own);
        expect(contact.against(obtained) !== undefined).toBe(refused);
      }),
    );
  });
});

describe('evidence', () => {
  it('is kept with its moment, which is when it happened; texts stand under personal', () => {
    const command = {
      ...byApi(1, { listType: MARKETING, direction: 'OPT_IN' }),
      reason: 'preference centre',
      evidence: { obtainedAt: at(-60), text: 'box ticked' },
    } as const;
    const event = consentOf(decideConsentChange(command, context()));
    expect(event.data.evidence).toEqual({ obtainedAt: at(-60) });
    expect(event.meta).toMatchObject({ recordedAt: at(0), occurredAt: at(-60) });
    expect(event.personal).toEqual({
      identity: '46700000001',
      sender: '',
      reason: 'preference centre',
      evidenceText: 'box ticked',
    });
  });

  it('is never from the time to come, nor from before time', () => {
    const dated = (obtainedAt: string) => {
      const change = {
        listType: MARKETING,
        direction: 'OPT_OUT',
        evidence: { obtainedAt, text: 't' },
      } as const;
      return consentOf(decideConsentChange(byApi(1, change), context())).data;
    };
    expect(dated(at(30)).evidence).toEqual({ obtainedAt: at(0) });
    expect(dated(at(30)).state.ownOptOuts?.[MARKETING]?.at).toBe(at(0));
    expect(dated('-000001-12-31T10:00:00.000Z').evidence).toEqual({ obtainedAt: '1970-01-01T00:00:00.000Z' });
  });
});

interface Sample {
  readonly data: Record<string, unknown>;
}

describe('events from before own opt-outs and evidence were kept', () => {
  it.each(['opted-out', 'opted-in', 'message-received'] as const)('%s is read as it was', (type) => {
    const { data, ...rest } = structuredClone(EVENT_SAMPLES[type]) as unknown as Sample;
    const { ownOptOuts: _, ...state } = data['state'] as Record<string, unknown>;
    const { evidence: __, ...others } = data;
    const old = { ...rest, data: { ...others, state } };
    expect(parseEvent(old)).toEqual(old);
  });
});
