import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeApi } from '../../api/reference/describe-api.js';
import { PROVIDERS } from '../../channels/providers.js';

interface Operation {
  readonly security: readonly Record<string, readonly string[]>[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Record<string, { schema: Record<string, unknown> }> }>
  >;
  readonly requestBody?: { readonly content: Record<string, unknown> };
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let text: string;
let document: Document;
beforeAll(async () => {
  text = await describeApi();
  document = JSON.parse(text) as Document;
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

describe('openapi.json', () => {
  it('is what the routes say: after a change run npm run openapi', async () => {
    expect(await readFile('openapi.json', 'utf8')).toBe(text);
  });

  it('is OpenAPI 3.1 with every path of the two servers and ours', () => {
    expect(document.openapi).toBe('3.1.0');
    const project = '/v1/projects/{project_id}';
    expect(Object.keys(document.paths).toSorted()).toEqual(
      [
        '/health/live',
        '/health/ready',
        '/metrics',
        '/oauth2/token',
        `${project}/access-keys`,
        `${project}/access-keys/{key_id}`,
        `${project}/apps`,
        `${project}/apps/{app_id}`,
        `${project}/apps/{app_id}/channel-settings`,
        `${project}/apps/{app_id}/consent-settings`,
        `${project}/apps/{app_id}/consents/identities/{identity}`,
        `${project}/apps/{app_id}/consents/identities/{identity}/standing`,
        `${project}/apps/{app_id}/consents/{list_type}`,
        `${project}/apps/{app_id}/consents:check`,
        `${project}/apps/{app_id}/consents:record`,
        `${project}/apps/{app_id}/inbound/generic`,
        `${project}/apps/{app_id}/inbound/sinch`,
        `${project}/apps/{app_id}/inbound/twilio`,
        `${project}/apps/{app_id}/receipts/generic`,
        `${project}/apps/{app_id}/simulator/messages`,
        `${project}/apps/{app_id}/suspicions`,
        `${project}/apps/{app_id}/suspicions/{suspicion_id}:decide`,
        `${project}/apps/{app_id}/webhooks`,
        `${project}/callbacks`,
        `${project}/callbacks/{callback_id}`,
        `${project}/callbacks/{callback_id}:retry`,
        `${project}/consents`,
        `${project}/messages`,
        `${project}/messages/{message_id}`,
        `${project}/messages:send`,
        `${project}/webhooks`,
        `${project}/webhooks/{webhook_id}`,
        `${project}/webhooks/{webhook_id}/delivery-settings`,
      ].toSorted(),
    );
  });

  it('names the scope of every path of a project but where a provider signs, and of no other', () => {
    const signed = PROVIDERS.map(({ name }) => `/inbound/${name}`);
    for (const { name, path, operation } of operations()) {
      const scopes = operation.security.flatMap((scheme) => scheme['oauth2'] ?? []);
      const ofProject = path.startsWith('/v1/') && !signed.some((end) => path.endsWith(end));
      expect(scopes.length, name).toBe(ofProject || path === '/metrics' ? 1 : 0);
    }
  });

  it('describes the errors of each: nested, flat on the Batch path, RFC 6749 at the token endpoint', () => {
    for (const { name, path, operation } of operations()) {
      const { schema } = operation.responses['default']?.content?.['application/json'] ?? {};
      const required = schema?.['required'];
      if (path === '/oauth2/token') expect(required, name).toEqual(['error', 'error_description']);
      else if (path.endsWith('}/consents')) expect(required, name).toContain('status');
      else expect(required, name).toEqual(['error']);
    }
  });

  it('says that the token endpoint takes a form', () => {
    const content = document.paths['/oauth2/token']?.['post']?.requestBody?.content ?? {};
    expect(Object.keys(content)).toEqual(['application/x-www-form-urlencoded']);
  });
});
