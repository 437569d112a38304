import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideInbound, EMPTY_CONTACT, evolveContact } from '../../../../domain/consent/consent.js';
import type { ContactState } from '../../../../domain/events/events.js';
import { isOptedOut } from '../../../../domain/lists.js';
import { at, consentOf, context, inbound } from '../contact-fixtures.js';

/** Takes messages one after the other; each is said at one second and brought at another. */
class Person {
  state: ContactState = EMPTY_CONTACT;
  revision = -1;
  count = 0;
  say(text: string, said: number | undefined, brought: number, more: { injected?: true } = {}) {
    const receivedAt = said === undefined ? {} : { receivedAt: at(said) };
    const command = { ...inbound((this.count += 1), text), ...receivedAt, ...more };
    const ctx = context({ state: this.state, nextRevision: this.revision + 1, recordedAt: at(brought) });
    const events = decideInbound(command, ctx);
    for (const event of events) {
      this.revision += 1;
      const folded = evolveContact(this.state, { revision: this.revision, event });
      this.state = event.data.state;
      expect(folded).toEqual(this.state);
    }
    return events;
  }
  get isOut(): boolean {
    return isOptedOut(this.state.standing, 'OPT_OUT_ALL');
  }
}

describe('an opt-in that was said before the person’s own last opt-out', () => {
  it('is recorded as late, moves nothing, gets no reply and tells nobody', () => {
    const person = new Person();
    person.say('STOP', 30, 40);
    const events = person.say('START', 10, 50);
    expect(consentOf(events)).toMatchObject({
      type: 'opted-in',
      data: { late: true, moved: [], reply: null, notify: false },
    });
    expect(person.isOut).toBe(true);
  });

  it('counts when it was said after it, although the opt-out was brought later than it was said', () => {
    const person = new Person();
    person.say('STOP', 30, 60);
    const events = person.say('START', 40, 61);
    expect(consentOf(events).data).not.toHaveProperty('late');
    expect(person.isOut).toBe(false);
  });

  it('counts in the same whole second, and where nobody says when it was said', () => {
    for (const said of [30, undefined]) {
      const person = new Person();
      person.say('STOP', 30, 40);
      person.say('START', said, 50);
      expect(person.isOut).toBe(false);
    }
  });

  it('is judged list by list where START clears all', () => {
    const person = new Person();
    person.say('STOP MARKETING', 30, 31);
    person.say('STOP', 10, 32);
    const ctx = context({ state: person.state, nextRevision: person.revision + 1, recordedAt: at(40) });
    const app = { ...ctx.app, consent: { ...ctx.app.consent, startClearsAll: true } };
    const events = decideInbound({ ...inbound(9, 'START'), receivedAt: at(20) }, { ...ctx, app });
    expect(consentOf(events).data.moved).toEqual(['OPT_OUT_ALL']);
  });
});

describe('an opt-out', () => {
  it('counts however late it comes', () => {
    const person = new Person();
    person.say('START', 50, 51);
    person.say('STOP', 10, 60);
    expect(person.isOut).toBe(true);
  });

  it('stands at the end of any history in which it was said last', () => {
    const message = fc.record({ text: fc.constantFrom('STOP', 'START'), said: fc.nat(1_000) });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
        const person = new Person();
        for (const { text, said } of messages) person.say(text, said, 2_000);
        const last = Math.max(...messages.map(({ said }) => said));
        const lastWords = messages.filter(({ said }) => said === last);
        if (lastWords.every(({ text }) => text === 'STOP')) expect(person.isOut).toBe(true);
      }),
    );
  });
});

describe('what the customer’s own people put into a conversation', () => {
  it('never opts in, may opt out, and says that it was injected', () => {
    const person = new Person();
    person.say('STOP', undefined, 10);
    const [received, ...others] = person.say('START', undefined, 20, { injected: true });
    expect(received).toMatchObject({ type: 'message-received', data: { injected: true, matched: null } });
    expect(others).toEqual([]);
    expect(person.isOut).toBe(true);
    const other = new Person();
    other.say('STOP', undefined, 10, { injected: true });
    expect(other.isOut).toBe(true);
  });
});
