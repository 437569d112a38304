import type { Schema } from './document.js';

/** One line of a table of fields. */
export interface FieldRow {
  /** Path from the body on, with dots; `[]` stands for the items of an array. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly limits: readonly string[];
  readonly description: string;
}

const code = (value: unknown): string => JSON.stringify(value);
const alternatives = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [];
const isNull = ({ type }: Schema): boolean => type === 'null';

/** Writes a type as a reader says it, e.g. `string or null`, `array of object`. */
export function typeOf(schema: Schema): string {
  const others = alternatives(schema);
  if (others.length > 0) return [...new Set(others.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `array of ${typeOf(schema.items ?? {})}`;
  return [schema.type ?? 'anything'].flat().join(' or ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string[] {
  if (least === undefined && most === undefined) return [];
  if (least === undefined) return [`${unit}at most ${String(most)}`];
  if (most === undefined || most === Number.MAX_SAFE_INTEGER) return [`${unit}at least ${String(least)}`];
  return [`${unit}${String(least)} to ${String(most)}`];
}

/** Says what a value has to keep to, beside its type. */
export function limitsOf(schema: Schema): readonly string[] {
  const own = [
    ...(schema.enum === undefined ? [] : [`one of ${schema.enum.map(code).join(', ')}`]),
    ...(schema.const === undefined ? [] : [`always ${code(schema.const)}`]),
    ...range(schema.minLength, schema.maxLength, 'characters: '),
    ...range(schema.minItems, schema.maxItems, 'items: '),
    ...range(schema.minimum, schema.maximum, ''),
    ...(schema.format === undefined ? [] : [schema.format]),
    ...(schema.pattern === undefined || schema.format !== undefined ? [] : [`matches ${schema.pattern}`]),
    ...(schema.default === undefined ? [] : [`default ${code(schema.default)}`]),
  ];
  const others = alternatives(schema).filter((one) => !isNull(one));
  return [...own, ...(schema.items === undefined ? [] : limitsOf(schema.items)), ...others.flatMap(limitsOf)];
}

/** Finds the objects below a schema, with what is added to the path to get there. */
function inner(schema: Schema): readonly { readonly step: string; readonly object: Schema }[] {
  if (schema.properties !== undefined) return [{ step: '', object: schema }];
  if (schema.items !== undefined) {
    return inner(schema.items).map(({ step, object }) => ({ step: `[]${step}`, object }));
  }
  return alternatives(schema).flatMap(inner);
}

/** Lists every field below a body, in the order of the document, deeper ones behind their parent. */
export function rowsOf(schema: Schema, prefix = ''): readonly FieldRow[] {
  const rows = inner(schema).flatMap(({ step, object }) =>
    Object.entries(object.properties ?? {}).flatMap(([name, field]): FieldRow[] => {
      const path = `${prefix}${step === '' ? '' : `${step}.`}${name}`.replace('.[]', '[]');
      const row = {
        path,
        type: typeOf(field),
        required: object.required?.includes(name) ?? false,
        limits: limitsOf(field),
        description: field.description ?? '',
      };
      const below = inner(field).some(({ step: more }) => more.startsWith('[]')) ? path : `${path}.`;
      return [row, ...rowsOf(field, below)];
    }),
  );
  // A field that alternatives of one object share is named once.
  return rows.filter((row, at) => rows.findIndex(({ path }) => path === row.path) === at);
}
