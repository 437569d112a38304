import { createHash } from 'node:crypto';
import type { ApiDocument } from './document.js';
import { block, escape, htmlTable, prose } from './html.js';
import { anchorOf, operationHtml, type Route } from './operation-html.js';
import { STYLE } from './style.js';

/** By this policy the page loads nothing and runs nothing; only its own style counts. */
export const REFERENCE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function routesOf({ paths }: ApiDocument): readonly Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** Groups routes by their first tag, in the order in which tags and routes stand in the document. */
function byTag(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const tag = route.operation.tags?.[0] ?? 'Other';
    groups.set(tag, [...(groups.get(tag) ?? []), route]);
  }
  return groups;
}

function navigation(groups: ReadonlyMap<string, readonly Route[]>): string {
  const item = (route: Route): string =>
    `<li><a href="#${anchorOf(route)}"><span class="method ${route.method.toLowerCase()}">${route.method}</span> ${prose(route.operation.summary ?? route.path)}</a></li>`;
  return [...groups]
    .map(([tag, routes]) => `<h2>${escape(tag)}</h2><ul>${routes.map(item).join('\n')}</ul>`)
    .join('\n');
}

const ERROR = {
  error: {
    code: 400,
    message: 'mode: …',
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': '…', fieldViolations: [{ field: 'mode', description: '…' }] }],
  },
};

const INTRODUCTION = `
<p>Sign in with <code>Basic</code> (key id and key secret), or with a Bearer token of <code>POST /oauth2/token</code>. The scope
<code>admin</code> includes the others. In the examples <code>$URL</code> is where the instance listens and <code>$KEY</code> is
<code>key id:key secret</code>; put your own ids for what stands in braces.</p>
<p>Errors have one shape, and name fields, never what stood in them:</p>
${block(ERROR)}
<p>The Batch path answers the inner object alone; the token endpoint answers as RFC 6749 says.</p>`;

const SCOPES = [
  ['read', 'lists, messages and settings'],
  ['send', 'messages, and opt-outs by the Batch path'],
  ['inbound', 'inbound messages and receipts'],
  ['admin', 'everything'],
] as const;

/**
 * Writes the reference of an OpenAPI document as one HTML page: every route with its parameters, shapes, scope, errors and
 * examples, without a script and without anything from elsewhere.
 */
export function referencePage(document: ApiDocument): string {
  const groups = byTag(routesOf(document));
  const { title, description = '' } = document.info;
  const sections = [...groups].map(
    ([tag, routes]) => `<h2>${escape(tag)}</h2>\n${routes.map(operationHtml).join('\n')}`,
  );
  const scopes = htmlTable(
    ['Scope', 'Allows'],
    SCOPES.map(([scope, text]) => [`<code>${scope}</code>`, text]),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${REFERENCE_POLICY}">
<title>${escape(title)}: API reference</title>
<style>${STYLE}</style>
</head>
<body>
<nav aria-label="Routes">${navigation(groups)}</nav>
<main>
<h1>${escape(title)}: API reference</h1>
<p>${prose(description)}</p>
${INTRODUCTION}
${scopes}
${sections.join('\n')}
</main>
</body>
</html>
`;
}
