import { describe, expect, it } from 'vitest';
import { UPCASTERS, type Upcasters } from '../../../../domain/schemas/upcast.js';
import { EventShapeError, parseEvent } from '../../../../domain/schemas/event-schemas.js';
import { EVENT_SAMPLES } from '../event-samples.js';

// No event has a second version yet, so the mechanism is shown with two that came before the first.
const sample = EVENT_SAMPLES['ledger-created'];
const { ledgerId, keyCheck, identityRules } = sample.data;
const oldest = { ...sample, version: -1, data: { name: ledgerId, check: keyCheck, identityRules } };
const older = { ...sample, version: 0, data: { ledgerId, check: keyCheck, identityRules } };

const upcasters: Upcasters = {
  'ledger-created': {
    [-1]: (event) => {
      const { name, ...rest } = event['data'] as Record<string, unknown>;
      return { ...event, data: { ...rest, ledgerId: name } };
    },
    0: (event) => {
      const { check, ...rest } = event['data'] as Record<string, unknown>;
      return { ...event, type: 'ignored', version: 99, data: { ...rest, keyCheck: check } };
    },
  },
};

describe('upcasting', () => {
  it('brings each old version step by step to the newest', () => {
    const before = structuredClone(oldest);
    expect(parseEvent(oldest, upcasters)).toEqual(sample);
    expect(parseEvent(older, upcasters)).toEqual(sample);
    expect(oldest).toEqual(before);
  });

  it('leaves the newest version and other types alone', () => {
    expect(parseEvent(sample, upcasters)).toEqual(sample);
    const other = EVENT_SAMPLES['project-created'];
    expect(parseEvent(other, upcasters)).toEqual(other);
  });

  it('reads events from before a key was added', () => {
    const { providerError: _, ...failed } = EVENT_SAMPLES['message-failed'].data;
    const { providerMessageId: __, ...dispatched } = EVENT_SAMPLES['message-dispatched'].data;
    const { identityRules: ____, ...created } = EVENT_SAMPLES['ledger-created'].data;
    const { providerOptOut: ___, ...received } = EVENT_SAMPLES['message-received'].data;
    for (const stored of [
      { ...EVENT_SAMPLES['message-failed'], data: failed },
      { ...EVENT_SAMPLES['message-dispatched'], data: dispatched },
      { ...EVENT_SAMPLES['message-received'], data: received },
      { ...EVENT_SAMPLES['ledger-created'], data: created },
    ]) {
      expect(parseEvent(stored)).toEqual(stored);
    }
  });

  it('checks the result', () => {
    const wrong = { ...older, data: { ledgerId } };
    expect(() => parseEvent(wrong, upcasters)).toThrow('data.keyCheck: ');
  });

  it('refuses a version that nothing upcasts', () => {
    expect(() => parseEvent({ ...sample, version: -2 }, upcasters)).toThrow('version: ');
    expect(() => parseEvent(older)).toThrow('version: ');
    expect(UPCASTERS).toEqual({});
  });

  it('answers an upcaster that stumbles with the same error as everything else, without its words', () => {
    const stumbling: Upcasters = {
      'ledger-created': {
        0: () => {
          throw new TypeError('ZEBRA');
        },
      },
    };
    expect(() => parseEvent(older, stumbling)).toThrow(EventShapeError);
    expect(() => parseEvent(older, stumbling)).toThrow('expected version 0 to be readable by its upcaster');
  });
});
