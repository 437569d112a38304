import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Api } from '../deps.js';
import type { ApiDocument } from './document.js';
import { REFERENCE_POLICY, referencePage } from './page.js';
import { accessTo } from '../auth/route-scopes.js';

const UI_PATH = '/docs';
/** The page needs its own scripts and styles, and reads the document; it loads nothing from elsewhere. */
const UI_CSP = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** The schema of every error answer; see server/error-body.ts. */
const errorResponse = (flat: boolean) => {
  const fields = {
    type: 'object',
    required: ['code', 'message', 'status', 'details'],
    properties: {
      code: { type: 'integer', description: 'the HTTP status' },
      message: { type: 'string' },
      status: { type: 'string', description: 'name of the gRPC status' },
      details: { type: 'array', items: { type: 'object' } },
    },
  };
  return {
    description: 'An error',
    ...(flat ? fields : { type: 'object', required: ['error'], properties: { error: fields } }),
  };
};
const oauthErrorResponse = {
  description: 'An error (RFC 6749 §5.2)',
  type: 'object',
  required: ['error', 'error_description'],
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
};

type Transform = typeof jsonSchemaTransform;

/** Writes zod's shapes as JSON Schema, with the sign-in and the errors of each route. */
const transform: Transform = (input) => {
  const { schema, url } = jsonSchemaTransform(input);
  const { errorShape } = input.route.config ?? {};
  const [scope] = [input.route.method].flat().map((method) => accessTo(method, input.url));
  if (schema.hide === true) return { schema, url };
  const error = errorShape === 'oauth' ? oauthErrorResponse : errorResponse(errorShape === 'flat');
  return {
    url,
    schema: {
      ...schema,
      response: { ...(schema.response as object | undefined), default: error },
      ...(scope === undefined || scope === 'public'
        ? { security: [] }
        : { security: [{ basic: [] }, { oauth2: [scope] }], description: `Needs the scope \`${scope}\`.` }),
    },
  };
};

/** Collects every route that is registered on `app` from here on into an OpenAPI 3.1 document. */
export async function registerOpenapi(app: Api): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'optledger',
        version: '1',
        description: 'A consent ledger for messaging, in the wire format of the Sinch Conversation API.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic', description: 'Key id and key secret.' },
          oauth2: {
            type: 'oauth2',
            flows: {
              clientCredentials: {
                tokenUrl: '/oauth2/token',
                scopes: {
                  read: 'Read lists, messages and settings',
                  send: 'Send messages, record opt-ins and opt-outs',
                  inbound: 'Hand in inbound messages and receipts',
                  admin: 'Everything',
                },
              },
            },
          },
        },
      },
    },
    transform,
  });
  await app.register(swaggerUi, {
    routePrefix: UI_PATH,
    staticCSP: UI_CSP,
    uiConfig: { deepLinking: false, validatorUrl: null },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  let page: string | undefined;
  app.get(`${UI_PATH}/reference`, { schema: { hide: true } }, (_request, reply) => {
    // The document is made once, because all routes are there when the first request comes.
    page ??= referencePage(JSON.parse(JSON.stringify(app.swagger())) as ApiDocument);
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', `${REFERENCE_POLICY}; frame-ancestors 'none'`)
      .send(page);
  });
}
