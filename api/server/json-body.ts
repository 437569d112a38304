import { isDeeperThan } from '../../channels/json-depth.js';
import type { Api } from '../deps.js';
import { invalidField } from './errors.js';

/** A body has so many bytes at most; 1,000 consent records or a message with metadata stay far below. */
export const BODY_LIMIT = 1_048_576;
export const MAX_DEPTH = 32;

/**
 * Reads JSON bodies. Clients of Sinch send `content-type: application/json` with an empty body (DELETE), which counts as
 * none. Deep nesting is refused before anything walks it.
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
