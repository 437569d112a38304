import { schemaOf, scopeOf, type Operation, type Parameter, type Schema } from './document.js';
import { errorsOf } from './errors-of.js';
import { exampleOf, requestExample } from './examples.js';
import { block, escape, htmlTable, prose } from './html.js';
import { limitsOf, rowsOf, typeOf } from './schema-rows.js';

/** One route of the document. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Names a route, e.g. `POST /oauth2/token`. */
export const routeName = ({ method, path }: Route): string => `${method} ${path}`;

/** Makes the id of a route within the page. */
export const anchorOf = (route: Route): string =>
  routeName(route)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');

const HEAD = ['Field', 'Type', 'Required', 'Meaning and limits'];

function notes(description: string | undefined, limits: readonly string[]): string {
  return [description ?? '', ...new Set(limits)]
    .filter((part) => part !== '')
    .map(prose)
    .join('<br>');
}

function fields(title: string, schema: Schema): string {
  const rows = rowsOf(schema).map(({ path, type, required, limits, description }) => [
    `<code>${escape(path)}</code>`,
    escape(type),
    required ? 'yes' : '',
    notes(description, limits),
  ]);
  const shape =
    rows.length === 0 ? `<p>${escape(typeOf(schema))} without fields.</p>` : htmlTable(HEAD, rows);
  return `<h4>${title}</h4>${shape}`;
}

function parametersTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, in: place, required, description, schema }) => [
    `<code>${escape(name)}</code> <span class="in">${escape(place)}</span>`,
    escape(typeOf(schema)),
    required === true ? 'yes' : '',
    notes(description ?? schema.description, limitsOf(schema)),
  ]);
  return rows.length === 0 ? '' : `<h4>Parameters</h4>${htmlTable(HEAD, rows)}`;
}

function request(route: Route): string {
  const { requestBody } = route.operation;
  const schema = schemaOf(requestBody?.content);
  const [type = ''] = Object.keys(requestBody?.content ?? {});
  const example = schema && requestExample(routeName(route), schema);
  const url = `"$URL${route.path}"`;
  const sign = scopeOf(route.operation) === undefined && route.path !== '/oauth2/token' ? '' : ' -u "$KEY"';
  const method = route.method === 'GET' ? '' : ` -X ${route.method}`;
  const isForm = type.includes('form');
  const data = isForm
    ? ` \\\n  -d '${new URLSearchParams(example as Record<string, string>).toString()}'`
    : ` \\\n  -H 'content-type: application/json' -d '${JSON.stringify(example, null, 2)}'`;
  const curl = `curl -s${sign}${method} ${url}${schema === undefined ? '' : data}`;
  const body =
    schema === undefined ? '' : fields(`Request body <span class="in">${escape(type)}</span>`, schema);
  return `${body}<h4>Example</h4>${block(curl)}`;
}

function answer({ operation }: Route): string {
  const [[status, response] = ['200', undefined]] = Object.entries(operation.responses).filter(
    ([code]) => code !== 'default',
  );
  const schema = schemaOf(response?.content);
  if (schema === undefined) return '<h4>Answer</h4><p>A text.</p>';
  return fields(`Answer <span class="in">${escape(status)}</span>`, schema) + block(exampleOf(schema, true));
}

function errors({ path, operation }: Route): string {
  const rows = errorsOf(path, operation).map(({ code, status, when }) => [
    String(code),
    `<code>${escape(status)}</code>`,
    prose(when),
  ]);
  return `<h4>Errors</h4>${htmlTable(['HTTP', 'Status', 'When'], rows)}`;
}

/** Writes all that there is to say of one route. */
export function operationHtml(route: Route): string {
  const access = route.operation.description ?? 'Without sign-in.';
  return `<section id="${anchorOf(route)}">
<h3>${prose(route.operation.summary ?? '')}</h3>
<p class="route"><span class="method ${route.method.toLowerCase()}">${route.method}</span> <code>${escape(route.path)}</code></p>
<p>${prose(access)}</p>
${parametersTable(route.operation.parameters ?? [])}
${request(route)}
${answer(route)}
${errors(route)}
</section>`;
}
