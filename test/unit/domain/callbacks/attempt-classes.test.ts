import { describe, expect, it } from 'vitest';
import {
  classifyFault,
  classifyStatus,
  FAULT_CLASSES,
  type Fault,
} from '../../../../domain/callbacks/attempt-classes.js';
import type { AttemptClass } from '../../../../domain/events/events.js';

/** Written out from the contract, not from the code. */
const DURABLE: Readonly<Record<AttemptClass, readonly number[]>> = {
  delivered: [200, 201, 202, 204, 226, 299],
  transient: [408, 425, 429, 500, 502, 503, 504, 599],
  misconfigured: [300, 301, 302, 304, 307, 308, 399, 401, 403, 404, 405, 407],
  refused: [400, 402, 406, 409, 411, 413, 414, 415, 418, 422, 431, 451, 499, 501, 505],
  gone: [410],
  blocked: [],
};
const rows = Object.entries(DURABLE).flatMap(([name, statuses]) =>
  statuses.map((status) => [status, name as AttemptClass] as const),
);

describe('classifyStatus', () => {
  it.each(rows)('%i is %s under the profile durable', (status, expected) => {
    expect(classifyStatus(status, 'durable')).toBe(expected);
  });
  it.each(rows)('%i: the profile sinch parks redirects and every other 4xx', (status, durable) => {
    expect(classifyStatus(status, 'sinch')).toBe(durable === 'misconfigured' ? 'refused' : durable);
  });
  it.each([100, 199, 600, 999, 0])('%i is no answer at all, and tried again', (status) => {
    expect(classifyStatus(status, 'durable')).toBe('transient');
    expect(classifyStatus(status, 'sinch')).toBe('transient');
  });
});

describe('classifyFault', () => {
  const expected: Readonly<Record<Fault, AttemptClass>> = {
    timeout: 'transient',
    refused: 'transient',
    reset: 'transient',
    unreachable: 'transient',
    'dns-unavailable': 'transient',
    dns: 'misconfigured',
    tls: 'misconfigured',
    protocol: 'transient',
    token: 'transient',
    blocked: 'blocked',
    other: 'transient',
  };
  it.each(Object.keys(FAULT_CLASSES) as Fault[])('%s', (fault) => {
    expect(classifyFault(fault)).toBe(expected[fault]);
  });
});
