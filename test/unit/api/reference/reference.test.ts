import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaOf, type ApiDocument, type Operation } from '../../../../api/reference/document.js';
import { errorsOf } from '../../../../api/reference/errors-of.js';
import { exampleOf, requestExample } from '../../../../api/reference/examples.js';
import { escape, prose } from '../../../../api/reference/html.js';
import { referencePage } from '../../../../api/reference/page.js';
import { limitsOf, rowsOf, typeOf } from '../../../../api/reference/schema-rows.js';
import { apiWorld, PROJECT, type ApiWorld } from '../../../worlds/api-world.js';

let world: ApiWorld;
let document: ApiDocument;
let page: string;
beforeAll(async () => {
  world = await apiWorld();
  document = (await world.app.inject('/openapi.json')).json<ApiDocument>();
  page = referencePage(document);
});
afterAll(async () => {
  await world.close();
});

const operations = (): readonly { name: string; method: string; path: string; operation: Operation }[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const upper = method.toUpperCase();
      return { name: `${upper} ${path}`, method: upper, path, operation };
    }),
  );

describe('the reference', () => {
  it('has one section for each route, reached from the navigation', () => {
    const ids = [...page.matchAll(/<section id="([^"]+)">/g)].map(([, id]) => id);
    expect(ids).toHaveLength(operations().length);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)).toEqual(ids);
  });

  it('names each field of each request and answer, and each scope', () => {
    const sections = page.split('<section ').slice(1);
    for (const { path, method, operation } of operations()) {
      const section = sections.find((one) => one.includes(`>${method}</span> <code>${path}</code>`)) ?? '';
      const schemas = [operation.requestBody, ...Object.values(operation.responses)].map((one) =>
        schemaOf(one?.content),
      );
      const fields = schemas.slice(0, -1).flatMap((schema) => (schema === undefined ? [] : rowsOf(schema)));
      for (const row of fields) expect(section, path).toContain(`<code>${escape(row.path)}</code>`);
      for (const { name } of operation.parameters ?? []) expect(section).toContain(`<code>${name}</code>`);
      expect(section).toContain(prose(operation.description ?? 'Without sign-in.'));
    }
  });

  it('is served under a policy that allows its style and nothing else', async () => {
    const answer = await world.app.inject('/docs/reference');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toBe(page);
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(answer.headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(page).not.toMatch(/<script|<link|<img|\bsrc=|\bon\w+=|style="/);
    expect([...page.matchAll(/href="([^"]*)"/g)].filter(([, to]) => !to?.startsWith('#'))).toEqual([]);
  });

  it('gives requests that the API takes', async () => {
    const hook = { app_id: world.appId, target: 'https://example.com/first' };
    const webhook = await world.call('POST', '/webhooks', hook);
    const refused: unknown[] = [];
    for (const { name, method, path, operation } of operations()) {
      const schema = schemaOf(operation.requestBody?.content);
      if (schema === undefined || !path.startsWith('/v1/')) continue;
      const url = path
        .replace('{project_id}', PROJECT)
        .replace('{app_id}', world.appId)
        .replace('{webhook_id}', String(webhook.body['id']));
      const example = JSON.stringify(requestExample(name, schema)).replaceAll('"demo"', `"${world.appId}"`);
      const rest = url.slice(`/v1/projects/${PROJECT}`.length);
      const answer = await world.call(method as 'POST', rest, JSON.parse(example));
      // What a path or a body names need not be there.
      if (answer.status !== 200 && answer.status !== 404) refused.push([name, answer.text]);
    }
    expect(refused).toEqual([]);
  });
});

describe('what is said of a schema', () => {
  it.each([
    [{ type: 'string', minLength: 1, maxLength: 8 }, 'string', ['characters: 1 to 8']],
    [
      { type: 'array', items: { type: 'string', enum: ['A'] }, maxItems: 2 },
      'array of string',
      ['items: at most 2', 'one of "A"'],
    ],
    [
      { anyOf: [{ type: 'string', format: 'date-time', pattern: 'x' }, { type: 'null' }] },
      'string or null',
      ['date-time'],
    ],
    [{ type: ['string', 'null'] }, 'string or null', []],
    [
      { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 3 },
      'integer',
      ['at least 0', 'default 3'],
    ],
    [{ const: 1, pattern: 'y' }, 'anything', ['always 1', 'matches y']],
  ])('%j', (schema, type, limits) => {
    expect(typeOf(schema)).toBe(type);
    expect(limitsOf(schema)).toEqual(limits);
  });

  it('names deep fields by their way', () => {
    const leaf = { type: 'object', properties: { c: { type: 'string' } }, required: ['c'] };
    const schema = {
      type: 'object',
      properties: { a: { type: 'array', items: leaf }, b: { anyOf: [leaf, { type: 'null' }] } },
    };
    expect(rowsOf(schema).map(({ path, required }) => [path, required])).toEqual([
      ['a', false],
      ['a[].c', true],
      ['b', false],
      ['b.c', true],
    ]);
    expect(rowsOf({ type: 'array', items: leaf }).map(({ path }) => path)).toEqual(['[].c']);
    expect(exampleOf(schema, true)).toEqual({ a: [{ c: '…' }], b: { c: '…' } });
    expect(exampleOf(schema, false)).toEqual({});
  });
});

describe('errors of a route', () => {
  const codes = (path: string, operation: Omit<Operation, 'responses'>): number[] =>
    errorsOf(path, { responses: {}, ...operation }).map(({ code }) => code);

  it('follow from what it takes and who may call it', () => {
    const app = { in: 'path', name: 'app_id', schema: {} };
    const body = { content: { 'application/json': { schema: {} } } };
    expect(codes('/health/live', {})).toEqual([]);
    expect(
      codes('/v1/x', {
        parameters: [app],
        requestBody: body,
        security: [{ basic: [] }, { oauth2: ['read'] }],
      }),
    ).toEqual([400, 401, 403, 404, 413, 429, 503]);
    expect(codes('/v1/inbound/sinch', { parameters: [app], security: [] })).toEqual([400, 401, 404, 503]);
  });
});

describe('text in the page', () => {
  it('is escaped, also within code', () => {
    expect(prose(`<b> & "x" 'y' \`<i>\``)).toBe(
      '&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39; <code>&lt;i&gt;</code>',
    );
  });
});
