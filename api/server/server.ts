import { fastify, LogController, type FastifyServerOptions } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Socket } from 'node:net';
import type { Api, AppDeps } from '../deps.js';
import '../auth/context.js';
import { errorBody } from './error-body.js';
import { sendError } from './error-handler.js';
import { ApiError, toApiError } from './errors.js';
import { BODY_LIMIT } from './json-body.js';

const KEEP_ALIVE_MS = 72_000;
const REQUEST_MS = 30_000;
/** A path parameter has room for an identity of 128 characters, each percent-encoded as four bytes. */
const LONGEST_PARAM = 1_536;

/** Where a request or an answer is logged whole, nothing of it is written, because URLs hold identities. */
const WITHOUT_URL = { req: () => ({}), res: () => ({}) };

/** Bytes that are not HTTP never become a request; they too get the envelope. */
function refuseNoHttp(_error: Error, socket: Socket): void {
  if (!socket.writable) return;
  const body = JSON.stringify(errorBody(new ApiError('INVALID_ARGUMENT', 'not an HTTP request'), 'nested'));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Makes a Fastify that validates by zod, logs no URL and answers its own errors in our envelope. */
export function createServer({ logger }: Pick<AppDeps, 'logger'>): Api {
  const options: FastifyServerOptions = {
    loggerInstance: logger.child({}, { serializers: WITHOUT_URL }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS,
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PARAM },
    frameworkErrors: (error, request, reply) => {
      sendError(request, reply, toApiError(error));
    },
    clientErrorHandler: refuseNoHttp,
  };
  const app = fastify(options).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  return app;
}
