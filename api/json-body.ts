import type { Api } from './deps.js';
import { invalidField } from './errors.js';

/** Bytes of a body; 1,000 consent records or a message with metadata stay far below. */
export const BODY_LIMIT = 1_048_576;
export const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENS = new Set([0x5b, 0x7b]);
const CLOSES = new Set([0x5d, 0x7d]);

/** True when arrays and objects stand in each other more than `limit` deep; looks past strings. */
export function isDeeperThan(json: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at);
    if (inString) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) {
      inString = true;
    } else if (OPENS.has(char)) {
      if (++depth > limit) return true;
    } else if (CLOSES.has(char)) {
      depth--;
    }
  }
  return false;
}

/**
 * JSON bodies. Clients of Sinch send `content-type: application/json` with an empty body (DELETE): no body then.
 * Deep nesting is refused before anything walks it.
 */
export function registerJsonBody(app: Api): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') {
      done(null, undefined);
    } else if (isDeeperThan(body, MAX_DEPTH)) {
      done(invalidField('body', `nested deeper than ${String(MAX_DEPTH)} levels`));
    } else {
      void parse(request, body, done);
    }
  });
}
