import {
  bare,
  casesOf,
  FORBIDDEN,
  long,
  MARKED_PHONE,
  MARKED_TEXT,
  NOT_FOUND,
  UNIMPLEMENTED,
  type BadInput,
} from './bad-inputs.js';

const KEYS = '/access-keys';
const create = casesOf('POST', KEYS, { name: MARKED_TEXT, scopes: ['read'] });

const made: readonly BadInput[] = [
  create('name missing', { name: undefined }, 'name'),
  create('name empty', { name: '' }, 'name'),
  create('name a number', { name: Number(MARKED_PHONE) }, 'name'),
  create('name too long', { name: long(101) }, 'name'),
  create('name with a NUL', { name: `${MARKED_TEXT}\0` }, 'name'),
  create('name with a line feed', { name: `${MARKED_TEXT}\nadmin` }, 'name'),
  create('name with an override of direction', { name: `${MARKED_TEXT}\u202e` }, 'name'),
  create('scopes missing', { scopes: undefined }, 'scopes'),
  create('no scopes', { scopes: [] }, 'scopes'),
  create('scopes a text', { scopes: 'read' }, 'scopes'),
  create('an unknown scope', { scopes: [MARKED_TEXT] }, 'scopes.0'),
  create('a scope in capitals', { scopes: ['READ'] }, 'scopes.0'),
  create('a scope twice', { scopes: ['read', 'read'] }, 'scopes'),
  create('an own secret', { key_secret: MARKED_TEXT }, 'key_secret'),
  create('another project', { project_id: 'other' }, 'project_id'),
  create('body missing', {}, 'body', { body: undefined }),
  create('no JSON', {}, 'JSON', { body: `{"name":"${MARKED_TEXT}` }),
  { ...create('foreign project', {}, 'project', FORBIDDEN), path: `//v1/projects/other${KEYS}` },
];

const others: readonly BadInput[] = [
  bare('GET', `//v1/projects/other${KEYS}`, 'project', FORBIDDEN),
  bare('GET', KEYS, 'key', {
    code: 401,
    status: 'UNAUTHENTICATED',
    headers: { authorization: `Basic ${btoa(`${MARKED_PHONE}:${MARKED_TEXT}`)}` },
  }),
  bare('DELETE', `${KEYS}/nobody`, 'access key', NOT_FOUND),
  bare('DELETE', `${KEYS}/${MARKED_PHONE}`, 'access key', NOT_FOUND),
  bare('DELETE', `${KEYS}/__proto__`, 'access key', NOT_FOUND),
  bare('DELETE', `${KEYS}/${long(129)}`, 'key_id'),
  bare('DELETE', KEYS, 'method', UNIMPLEMENTED),
  bare('PUT', KEYS, 'method', UNIMPLEMENTED),
  bare('GET', `${KEYS}/nobody`, 'method', UNIMPLEMENTED),
];

/** Access keys. */
export const ACCESS_INPUTS: readonly BadInput[] = [...made, ...others];
