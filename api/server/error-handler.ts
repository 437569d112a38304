import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../deps.js';
import { errorBody } from './error-body.js';
import { toApiError, type ApiError } from './errors.js';
import { asValidationError } from './violations.js';

/** Takes the frames only: the first line of a stack is the message, which may carry what nobody may log. */
function framesOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function logFault(request: FastifyRequest, error: FastifyError): void {
  request.log.error({ fault: error.name, code: error.code, frames: framesOf(error) }, 'request failed');
}

/** Of a body too large so many bytes are read and dropped, so that the answer is not lost with the connection. */
const MOST_DROPPED = 16 * 1_048_576;

/** A client that still sends would meet a closed connection before it reads that its body is too large. */
function letFinish(request: FastifyRequest, reply: FastifyReply): void {
  if (Number(request.headers['content-length']) <= MOST_DROPPED) reply.removeHeader('connection');
}

/** Sends an error in the shape of its route. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  const shape = request.routeOptions.config.errorShape ?? 'nested';
  // Errors are serialised here, because a route's response schemas describe its successes.
  return reply
    .code(error.httpCode)
    .headers(error.headers)
    .type('application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(errorBody(error, shape));
}

/** Registers the one place that turns whatever was thrown into an answer; what is ours to mend is logged. */
export function registerErrorHandler(app: Api): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const answer = asValidationError(error) ?? toApiError(error);
    if (answer.status === 'INTERNAL') {
      logFault(request, error);
    }
    if (answer.httpCode === 413) letFinish(request, reply);
    return sendError(request, reply, answer);
  });
}
