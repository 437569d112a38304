import {
  bare,
  casesOf,
  FOREIGN_TOKEN,
  FORBIDDEN,
  long,
  MARKED_PHONE,
  MARKED_TEXT,
  NOT_FOUND,
  type BadInput,
} from './bad-inputs.js';

const LIST = '/apps/demo/consents/OPT_OUT_ALL';
const ONE = '/apps/demo/consents/identities';
const PHONES = '/apps/demo/simulator/messages';

const lists: readonly BadInput[] = [
  ...['0', '-1', 'ten', '1.5', '', '1e3', '%2B1', '１', '9'.repeat(21), '1&page_size=2', 'NaN', '%00'].map(
    (size) => bare('GET', `${LIST}?page_size=${encodeURI(size).replaceAll('%25', '%')}`, 'page_size'),
  ),
  ...['abc', MARKED_PHONE, 'AAAAAAAAAAE', long(129), '%00', FOREIGN_TOKEN].map((token) =>
    bare('GET', `${LIST}?page_token=${token}`, 'page_token'),
  ),
  bare('GET', `${LIST}?page_token=a&page_token=b`, 'page_token'),
  bare('GET', '/apps/demo/consents/OPT_IN_ALL', 'list_type'),
  bare('GET', '/apps/demo/consents/opt_out_all', 'list_type'),
  bare('GET', '/apps/demo/consents/__proto__', 'list_type'),
  bare('GET', `/apps/demo/consents/${MARKED_PHONE}`, 'list_type'),
  bare('GET', '/apps/nobody/consents/OPT_OUT_ALL', 'app', NOT_FOUND),
  bare('GET', '/apps/demo%00/consents/OPT_OUT_ALL', 'app', NOT_FOUND),
  bare('GET', '/apps/demo%2F..%2Fdemo/consents/OPT_OUT_ALL', 'app', NOT_FOUND),
  bare('GET', '//v1/projects/other/apps/demo/consents/OPT_OUT_ALL', 'project', FORBIDDEN),
];

const identities: readonly BadInput[] = [
  bare('GET', `${ONE}/${long(129)}`, 'identity'),
  bare('GET', `${ONE}/${encodeURIComponent('ü'.repeat(129))}`, 'identity'),
  bare('GET', `${ONE}/%E0%A4%A`, 'path'),
  bare('GET', `${ONE}/%`, 'path'),
  bare('GET', `${ONE}/${long(1_600)}`, 'path'),
  bare('GET', `${ONE}/+${MARKED_PHONE}/colour`, 'path', NOT_FOUND),
  bare('GET', `/apps/nobody/consents/identities/+${MARKED_PHONE}`, 'app', NOT_FOUND),
  bare('GET', `//v1/projects/other/apps/demo/consents/identities/+${MARKED_PHONE}`, 'project', FORBIDDEN),
  bare('GET', `/apps/nobody/consents/identities/%2B${MARKED_PHONE}/standing`, 'app', NOT_FOUND),
  bare('GET', `${ONE}/${long(129)}/standing`, 'identity'),
  bare('GET', `${ONE}/${MARKED_PHONE}/standing?colour=${MARKED_TEXT}`, 'colour'),
  bare('GET', `${ONE}/${MARKED_PHONE}/standing?${MARKED_PHONE}=1`, '*'),
];

const batch = casesOf(
  'POST',
  '/consents',
  { app_id: 'demo', consent_records: [{ identification: MARKED_PHONE, consent_type: 'OPT_OUT_ALL' }] },
  { shape: 'flat' },
);
const record = (change: object) => ({ consent_records: [{ identification: '46799999902' }, change] });

const batches: readonly BadInput[] = [
  batch('app_id missing', { app_id: undefined }, 'app_id'),
  batch('app unknown', { app_id: 'nobody' }, 'app', NOT_FOUND),
  batch('records missing', { consent_records: undefined }, 'consent_records'),
  batch('records an object', { consent_records: { 0: { identification: MARKED_PHONE } } }, 'consent_records'),
  batch('no records', { consent_records: [] }, 'consent_records'),
  batch(
    '1,001 records',
    { consent_records: Array(1_001).fill({ identification: MARKED_PHONE }) },
    'consent_records',
  ),
  batch('record null', { consent_records: [null] }, 'consent_records.0'),
  batch('identification missing', record({}), 'consent_records.1.identification'),
  batch(
    'identification a number',
    record({ identification: Number(MARKED_PHONE) }),
    'consent_records.1.identification',
  ),
  batch(
    'identification national',
    record({ identification: '0799999901' }),
    'consent_records.1.identification',
  ),
  batch(
    'identification a contact',
    record({ identification: '01EKA07N79THJ20ZSN6AS30TMW' }),
    'consent_records.1.identification',
  ),
  batch('identification too long', record({ identification: long(129) }), 'consent_records.1.identification'),
  batch(
    'consent_type an opt-in',
    record({ identification: MARKED_PHONE, consent_type: 'OPT_IN_ALL' }),
    'consent_type',
  ),
  batch('consent_type null', record({ identification: MARKED_PHONE, consent_type: null }), 'consent_type'),
  batch('no JSON', {}, 'JSON', { body: `{"app_id": "${MARKED_PHONE}` }),
  batch('body missing', {}, 'body', { body: undefined }),
  batch('content type missing', {}, 'content-type', { headers: { 'content-type': '' } }),
  batch('too large', { colour: long(1_100_000) }, 'larger', { code: 413 }),
  batch('wrong secret', {}, 'key', {
    code: 401,
    status: 'UNAUTHENTICATED',
    headers: { authorization: 'Basic YTpi' },
  }),
  { ...batch('foreign project', {}, 'project', FORBIDDEN), path: '//v1/projects/other/consents' },
  {
    ...batch('method', {}, 'method', { code: 501, status: 'UNIMPLEMENTED', body: undefined }),
    method: 'DELETE',
  },
];

const check = casesOf('POST', '/apps/demo/consents:check', { identity: MARKED_PHONE });

const checks: readonly BadInput[] = [
  check('identity missing', { identity: undefined }, 'identity'),
  check('identity empty', { identity: '' }, 'identity'),
  check('identity a number', { identity: Number(MARKED_PHONE) }, 'identity'),
  check('identity too long', { identity: long(129) }, 'identity'),
  check('identity national', { identity: '0799999901' }, 'international'),
  check('identity no number', { channel: 'SMS', identity: MARKED_TEXT }, 'identity'),
  check('an unknown channel', { channel: 'PIGEON' }, 'channel'),
  check('an unknown content type', { message_content_type: 'CONTENT_SPAM' }, 'message_content_type'),
  check('content type null', { message_content_type: null }, 'message_content_type'),
  ...['yesterday', '2026-01-02', '2026-13-02T03:04:05Z', '2026-01-02T03:04:05', '', 1_700_000_000, null].map(
    (at) => check(`at ${JSON.stringify(at)}`, { at }, 'at: expected RFC 3339'),
  ),
  check('at to come', { at: '2999-01-01T00:00:00Z' }, 'at: expected a moment that has passed'),
  check('at before the app', { at: '2001-01-01T00:00:00Z' }, 'app', NOT_FOUND),
  check('an unknown key', { colour: MARKED_TEXT }, 'colour'),
  check('an identity as key', { [MARKED_PHONE]: 1 }, '*'),
  check('body missing', {}, 'body', { body: undefined }),
  check('body an array', {}, 'body', { body: [MARKED_PHONE] }),
  check('no JSON', {}, 'JSON', { body: `{"identity":"${MARKED_PHONE}` }),
  { ...check('app unknown', {}, 'app', NOT_FOUND), path: '/apps/nobody/consents:check' },
  {
    ...check('foreign project', {}, 'project', FORBIDDEN),
    path: '//v1/projects/other/apps/demo/consents:check',
  },
  bare('GET', '/apps/demo/consents:check', 'method', { code: 501, status: 'UNIMPLEMENTED' }),
  bare('GET', `${ONE}/${MARKED_PHONE}/standing?at=yesterday`, 'at'),
  bare('GET', `${ONE}/${MARKED_PHONE}/standing?at=2026-01-02T03:04:05+01:00`, 'at'),
  bare('GET', `${ONE}/${MARKED_PHONE}/standing?at=2999-01-01T00:00:00Z`, 'at'),
  bare('GET', `${ONE}/${MARKED_PHONE}/standing?at=2001-01-01T00:00:00Z`, 'app', NOT_FOUND),
  bare('GET', `${ONE}/${MARKED_PHONE}/standing?at=`, 'at'),
];

const good = { identity: MARKED_PHONE, list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT', reason: MARKED_TEXT };
const evidence = { obtained_at: '2026-01-02T03:04:05Z', text: MARKED_TEXT };
const records = casesOf('POST', '/apps/demo/consents:record', { records: [good] });
/** The first record is right, the second one is changed. */
const second = (name: string, change: object, names: string) =>
  records(name, { records: [good, { ...good, ...change }] }, names);

const recorded: readonly BadInput[] = [
  records('records missing', { records: undefined }, 'records'),
  records('no records', { records: [] }, 'records'),
  records('records an object', { records: good }, 'records'),
  records('1,001 records', { records: Array(1_001).fill(good) }, 'records'),
  records('record null', { records: [null] }, 'records.0'),
  records('an unknown key', { colour: MARKED_TEXT }, 'colour'),
  second('identity missing', { identity: undefined }, 'records.1.identity'),
  second('identity a number', { identity: Number(MARKED_PHONE) }, 'records.1.identity'),
  second('identity national', { identity: '0799999901' }, 'records.1.identity: expected a phone number'),
  second('identity no number', { channel: 'SMS', identity: MARKED_TEXT }, 'records.1.identity'),
  second('identity too long', { identity: long(129) }, 'records.1.identity'),
  second('an unknown channel', { channel: 'PIGEON' }, 'records.1.channel'),
  second('list_type missing', { list_type: undefined }, 'records.1.list_type'),
  second('an unknown list', { list_type: 'OPT_IN_ALL' }, 'records.1.list_type'),
  second('direction missing', { direction: undefined }, 'records.1.direction'),
  second('an unknown direction', { direction: 'OUT' }, 'records.1.direction'),
  second('reason missing', { reason: undefined }, 'records.1.reason'),
  second('reason empty', { reason: '' }, 'records.1.reason'),
  second('reason too long', { reason: long(501) }, 'records.1.reason'),
  second('an unknown key in a record', { colour: MARKED_TEXT }, 'colour'),
  second('an identity as key', { [MARKED_PHONE]: 1 }, '*'),
  second('evidence a text', { evidence: MARKED_TEXT }, 'records.1.evidence'),
  second('evidence without a moment', { evidence: { text: MARKED_TEXT } }, 'evidence.obtained_at'),
  second('evidence without a text', { evidence: { ...evidence, text: undefined } }, 'evidence.text'),
  second('evidence empty', { evidence: { ...evidence, text: '' } }, 'evidence.text'),
  second('evidence too long', { evidence: { ...evidence, text: long(2_001) } }, 'evidence.text'),
  second('evidence of no moment', { evidence: { ...evidence, obtained_at: 'today' } }, 'obtained_at'),
  second(
    'evidence of a moment to come',
    { evidence: { ...evidence, obtained_at: '2999-01-01T00:00:00Z' } },
    'records.1.evidence.obtained_at: expected a moment that has passed',
  ),
  second('an unknown key in evidence', { evidence: { ...evidence, colour: 1 } }, 'colour'),
  records('idempotency key empty', {}, 'idempotency-key', { headers: { 'idempotency-key': '' } }),
  records('idempotency key too long', {}, 'idempotency-key', { headers: { 'idempotency-key': long(129) } }),
  records('body missing', {}, 'body', { body: undefined }),
  records('no JSON', {}, 'JSON', { body: `{"records":[{"identity":"${MARKED_PHONE}"` }),
  { ...records('app unknown', {}, 'app', NOT_FOUND), path: '/apps/nobody/consents:record' },
  {
    ...records('foreign project', {}, 'project', FORBIDDEN),
    path: '//v1/projects/other/apps/demo/consents:record',
  },
  bare('GET', '/apps/demo/consents:record', 'method', { code: 501, status: 'UNIMPLEMENTED' }),
];

const simulated: readonly BadInput[] = [
  bare('GET', `${PHONES}?page_size=0`, 'page_size'),
  bare('GET', `${PHONES}?page_token=${FOREIGN_TOKEN}`, 'page_token'),
  bare('GET', `${PHONES}?colour=${MARKED_TEXT}`, 'colour'),
  bare('GET', `${PHONES}?__proto__[a]=${MARKED_TEXT}`, 'query'),
  bare('GET', '/apps/nobody/simulator/messages', 'app', NOT_FOUND),
];

export const CONSENT_INPUTS: readonly BadInput[] = [
  ...lists,
  ...identities,
  ...batches,
  ...checks,
  ...recorded,
  ...simulated,
];
