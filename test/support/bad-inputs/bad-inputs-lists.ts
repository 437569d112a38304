import {
  bare,
  casesOf,
  FOREIGN_TOKEN,
  FORBIDDEN,
  long,
  MARKED_PHONE,
  MARKED_TEXT,
  NOT_FOUND,
  UNIMPLEMENTED,
  type BadInput,
} from './bad-inputs.js';

const CALLBACKS = '/callbacks';
const MESSAGES = '/messages';
const TIMES = ['yesterday', '2026-01-02', '2026-01-02T03:04:05', '2026-02-30T03:04:05Z', '1700000000', ''];

const callbacks: readonly BadInput[] = [
  ...['0', '-1', 'ten', '1.5', ''].map((size) => bare('GET', `${CALLBACKS}?page_size=${size}`, 'page_size')),
  ...['abc', 'AAAAAAAAAAE', long(129), FOREIGN_TOKEN].map((token) =>
    bare('GET', `${CALLBACKS}?page_token=${token}`, 'page_token'),
  ),
  ...['failed', 'PARKED', '', 'waiting,parked'].map((state) =>
    bare('GET', `${CALLBACKS}?state=${state}`, 'state'),
  ),
  bare('GET', `${CALLBACKS}?state=waiting&state=parked`, 'state'),
  bare('GET', `${CALLBACKS}?trigger=CONTACT_CREATE`, 'trigger'),
  ...TIMES.map((time) => bare('GET', `${CALLBACKS}?from=${time}`, 'from')),
  ...TIMES.map((time) => bare('GET', `${CALLBACKS}?to=${time}`, 'to')),
  bare('GET', `${CALLBACKS}?identity=${MARKED_PHONE}`, 'app_id'),
  bare('GET', `${CALLBACKS}?app_id=demo&identity=${long(129)}`, 'identity'),
  bare('GET', `${CALLBACKS}?app_id=`, 'app_id'),
  bare('GET', `${CALLBACKS}?endpoint_id=${long(129)}`, 'endpoint_id'),
  bare('GET', `${CALLBACKS}?colour=${MARKED_TEXT}`, 'colour'),
  bare('GET', `${CALLBACKS}?${MARKED_PHONE}=1`, '*'),
  bare('GET', `${CALLBACKS}/nothing`, 'callback', NOT_FOUND),
  bare('GET', `${CALLBACKS}/${MARKED_PHONE}`, 'callback', NOT_FOUND),
  bare('GET', `${CALLBACKS}/${long(129)}`, 'callback_id'),
  bare('GET', '//v1/projects/other/callbacks', 'project', FORBIDDEN),
  bare('POST', `${CALLBACKS}/nothing:retry`, 'callback', NOT_FOUND),
  bare('POST', `${CALLBACKS}/${MARKED_PHONE}:retry`, 'callback', NOT_FOUND),
  bare('POST', `${CALLBACKS}/${long(129)}:retry`, 'callback_id'),
  bare('POST', `${CALLBACKS}/:retry`, 'method', UNIMPLEMENTED),
  bare('POST', '//v1/projects/other/callbacks/nothing:retry', 'project', FORBIDDEN),
];

const messages: readonly BadInput[] = [
  ...['0', '-1', 'ten'].map((size) => bare('GET', `${MESSAGES}?page_size=${size}`, 'page_size')),
  ...['abc', FOREIGN_TOKEN].map((token) => bare('GET', `${MESSAGES}?page_token=${token}`, 'page_token')),
  ...TIMES.map((time) => bare('GET', `${MESSAGES}?start_time=${time}`, 'start_time')),
  bare('GET', `${MESSAGES}?end_time=soon`, 'end_time'),
  bare('GET', `${MESSAGES}?state=lost`, 'state'),
  bare('GET', `${MESSAGES}?channel=PIGEON`, 'channel'),
  bare('GET', `${MESSAGES}?direction=SIDEWAYS`, 'direction'),
  bare('GET', `${MESSAGES}?only_recipient_originated=perhaps`, 'only_recipient_originated'),
  bare('GET', `${MESSAGES}?contact_id=01EKA07N79THJ20ZSN6AS30TMW`, 'contact_id'),
  bare('GET', `${MESSAGES}?conversation_id=c`, 'conversation_id'),
  bare('GET', `${MESSAGES}?channel_identity=${MARKED_PHONE}`, 'app_id'),
  bare('GET', `${MESSAGES}?app_id=demo&channel_identity=${long(129)}`, 'channel_identity'),
  bare('GET', '//v1/projects/other/messages', 'project', FORBIDDEN),
];

const SUSPICIONS = '/apps/demo/suspicions';
const decide = casesOf('POST', `${SUSPICIONS}/nothing:decide`, { decision: 'stop' });

const suspicions: readonly BadInput[] = [
  ...['0', '-1', 'ten'].map((size) => bare('GET', `${SUSPICIONS}?page_size=${size}`, 'page_size')),
  ...['abc', FOREIGN_TOKEN].map((token) => bare('GET', `${SUSPICIONS}?page_token=${token}`, 'page_token')),
  ...['closed', 'OPEN', ''].map((state) => bare('GET', `${SUSPICIONS}?state=${state}`, 'state')),
  bare('GET', `${SUSPICIONS}?${MARKED_PHONE}=1`, '*'),
  bare('GET', '/apps/nothing/suspicions', 'app', NOT_FOUND),
  bare('GET', '//v1/projects/other/apps/demo/suspicions', 'project', FORBIDDEN),
  decide('of no suspicion', {}, 'suspicion', NOT_FOUND),
  decide('decision missing', { decision: undefined }, 'decision'),
  decide('decision unknown', { decision: MARKED_TEXT }, 'decision'),
  decide('decision null', { decision: null }, 'decision'),
  decide('an identity as key', { [MARKED_PHONE]: 1 }, '*'),
];

/** Lists of what happened. */
export const LIST_INPUTS: readonly BadInput[] = [...callbacks, ...messages, ...suspicions];
