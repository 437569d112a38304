/** One series selector of an expression, e.g. `optledger_owed{lane="messages"}`. */
export interface Selector {
  readonly name: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
  /** Labels that a `by (…)` of the same expression groups by. */
  readonly by: readonly string[];
}

/** The answer of `/metrics`, read. */
export interface Exposition {
  /** Metric → type. */
  readonly types: ReadonlyMap<string, string>;
  /** One series by its exact text, e.g. `optledger_owed{lane="messages"}`. */
  value(series: string): number | undefined;
  /** Why a selector can never match; undefined when it can. */
  problem(selector: Selector): string | undefined;
}

/** Labels that Prometheus adds to what it scrapes. */
const ADDED = new Set(['instance', 'job']);
/** Its own series about a scrape. */
const OWN = new Set(['up']);
/** Values that only come up in trouble. */
const RARE: Readonly<Record<string, RegExp>> = { status: /^[1-5]xx$/ };

const NAME = /\b(up|(?:optledger|nodejs|process)_[a-z0-9_]+)(?:\{([^}]*)\})?/g;

/** Every series that an expression of PromQL asks for. */
export function readExpression(expr: string): Selector[] {
  const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
  return [...expr.matchAll(NAME)].map(([, name = '', inner = '']) => ({
    name,
    by,
    matchers: [...inner.matchAll(/(\w+)(=~|!=|!~|=)"([^"]*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({ label, operator, value }),
    ),
  }));
}

/** Reads Prometheus' text format, as far as it is written here. */
export function readExposition(text: string): Exposition {
  const values = new Map<string, number>();
  const series = new Map<string, Record<string, string>[]>();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, metric, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (metric !== undefined && type !== undefined) types.set(metric, type);
    const [, name, inner = '', value] = /^([a-z]\w*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    values.set(inner === '' ? name : `${name}{${inner}}`, Number(value));
    const labels = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, is]) => [label, is] as const);
    series.set(name, [...(series.get(name) ?? []), Object.fromEntries(labels) as Record<string, string>]);
  }
  return {
    types,
    value: (one) => values.get(one),
    problem: ({ name, matchers, by }) => {
      if (OWN.has(name)) return undefined;
      const all = series.get(name);
      if (all === undefined) return `no metric ${name}`;
      const known = new Set(all.flatMap((labels) => Object.keys(labels)));
      const foreign = [...by, ...matchers.map(({ label }) => label)].find(
        (label) => !known.has(label) && !ADDED.has(label),
      );
      if (foreign !== undefined) return `${name} has no label ${foreign}`;
      return matchers
        .filter(({ label }) => !ADDED.has(label))
        .map((matcher) => neverMatches(matcher, all))
        .find((found) => found !== undefined);
    },
  };
}

function neverMatches(
  { label, operator, value }: Selector['matchers'][number],
  all: readonly Record<string, string>[],
): string | undefined {
  if (RARE[label]?.test(value) === true) return undefined;
  const pattern = new RegExp(`^(?:${value})$`);
  const matches = (is: string): boolean => (operator.includes('~') ? pattern.test(is) : is === value);
  return all.some((labels) => matches(labels[label] ?? '')) ? undefined : `no ${label} is ${value}`;
}
