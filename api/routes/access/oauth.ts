import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { signInFailure, signInWithSecret, type AuthDeps } from '../../auth/auth.js';
import { readCredentials } from '../../auth/credentials.js';
import type { Api, AppDeps } from '../../deps.js';
import { ApiError } from '../../server/errors.js';
import { tokenRequest, tokenResponse } from '../../wire/access/oauth.js';

interface Client {
  readonly keyId: string;
  readonly keySecret: string;
}

function clientOf(request: FastifyRequest, body: z.infer<typeof tokenRequest>): Client | undefined {
  const credentials = readCredentials(request.headers.authorization);
  if (credentials?.scheme === 'basic') return credentials;
  if (body.client_id !== undefined && body.client_secret !== undefined) {
    return { keyId: body.client_id, keySecret: body.client_secret };
  }
  return undefined;
}

/** Serves the token endpoint: OAuth2 client credentials (RFC 6749 §4.4). */
export function registerOauth(app: Api, { config }: AppDeps, auth: AuthDeps): void {
  app.post(
    '/oauth2/token',
    {
      config: { errorShape: 'oauth' },
      schema: {
        summary: 'Get an access token',
        tags: ['Access'],
        consumes: ['application/x-www-form-urlencoded'],
        body: tokenRequest,
        response: { 200: tokenResponse },
      },
    },
    async (request, reply) => {
      if (request.body.grant_type !== 'client_credentials') {
        throw new ApiError('FAILED_PRECONDITION', 'grant_type: expected client_credentials');
      }
      const client = clientOf(request, request.body);
      if (client === undefined) throw await signInFailure(auth, request, { challenge: 'client' });
      const signedIn = signInWithSecret(auth.keys, client.keyId, client.keySecret);
      if ('challenge' in signedIn) throw await signInFailure(auth, request, signedIn);
      request.principal = signedIn;
      await auth.limits.token(request);
      // RFC 6749 §5.1 asks for this.
      void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
      return {
        access_token: await auth.tokens.issue(signedIn),
        expires_in: config.tokenTtl,
        scope: signedIn.scopes.join(' '),
        token_type: 'bearer' as const,
      };
    },
  );
}
