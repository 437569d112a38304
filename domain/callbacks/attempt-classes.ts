import type { AttemptClass } from '../events/events.js';
import type { DeliverySettings } from '../settings.js';

type Profile = DeliverySettings['profile'];

/** Says what an HTTP status means for a callback: its hundred counts, unless it is an exception. */
interface StatusClasses {
  readonly hundreds: Readonly<Record<1 | 2 | 3 | 4 | 5, AttemptClass>>;
  readonly exceptions: Readonly<Record<number, AttemptClass>>;
}

/** Answers that another try may change, and 410, which asks to be left alone. */
const COMMON = { 408: 'transient', 425: 'transient', 429: 'transient', 410: 'gone' } as const;
/** These are "not implemented" and "version not supported": another try would get the same answer. */
const NEVER = { 501: 'refused', 505: 'refused' } as const;
/** Answers that mean a wrong set-up of the receiver rather than a refusal of this one callback. */
const SETUP = {
  401: 'misconfigured',
  403: 'misconfigured',
  404: 'misconfigured',
  405: 'misconfigured',
  407: 'misconfigured',
} as const;

/** This is the one table of classes. Profile `sinch` parks what that service drops: every other 4xx, and redirects. */
export const STATUS_CLASSES: Readonly<Record<Profile, StatusClasses>> = {
  durable: {
    hundreds: { 1: 'transient', 2: 'delivered', 3: 'misconfigured', 4: 'refused', 5: 'transient' },
    exceptions: { ...COMMON, ...NEVER, ...SETUP },
  },
  sinch: {
    hundreds: { 1: 'transient', 2: 'delivered', 3: 'refused', 4: 'refused', 5: 'transient' },
    exceptions: { ...COMMON, ...NEVER },
  },
};

/** Names what can go wrong below HTTP, by the short code that an attempt records. */
export const FAULT_CLASSES = {
  timeout: 'transient',
  refused: 'transient',
  reset: 'transient',
  unreachable: 'transient',
  /** The resolver did not answer; the name may exist. */
  'dns-unavailable': 'transient',
  /** The name does not exist. */
  dns: 'misconfigured',
  /** The certificate is not one for this name, or not trusted. */
  tls: 'misconfigured',
  /** What answered does not speak HTTP. */
  protocol: 'transient',
  /** The receiver's own token endpoint gave no token. */
  token: 'transient',
  /** The address guard forbids the target; nothing was sent. */
  blocked: 'blocked',
  other: 'transient',
} as const satisfies Readonly<Record<string, AttemptClass>>;
export type Fault = keyof typeof FAULT_CLASSES;

/** Classes an answer; a redirect is an answer like any other, since none is followed. */
export function classifyStatus(status: number, profile: Profile): AttemptClass {
  const { hundreds, exceptions } = STATUS_CLASSES[profile];
  const hundred = Math.floor(status / 100);
  return exceptions[status] ?? hundreds[isHundred(hundred) ? hundred : 1];
}

/** Classes a request that got no answer. */
export function classifyFault(fault: Fault): AttemptClass {
  return FAULT_CLASSES[fault];
}

function isHundred(hundred: number): hundred is 1 | 2 | 3 | 4 | 5 {
  return hundred >= 1 && hundred <= 5;
}
