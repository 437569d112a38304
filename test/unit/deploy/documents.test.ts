import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../../bin/temporal/temporal-namespace.js';
import { CATEGORIES } from '../../../ledger/kurrent/kurrent-events.js';
import { composeOf, readComposeText } from '../../support/deploy/compose-file.js';

const operations = readFileSync('docs/operations.md', 'utf8');
const documents = ['README.md', 'CHANGELOG.md', ...globSync('{docs,deploy}/*.md')];

/** Temporal's numbers of the types, by the words of its command. */
const TYPES: Readonly<Record<string, number>> = { Keyword: 2, Int: 3, Datetime: 6 };

describe('docs/operations.md', () => {
  it('adds the search attributes that we use, with their types', () => {
    const joined = operations.replaceAll('\\\n', ' ');
    const commands = joined
      .split('\n')
      .filter((line) => line.startsWith('temporal operator search-attribute'));
    const added = commands.flatMap((command) => {
      const type = TYPES[/--type (\w+)/.exec(command)?.[1] ?? ''];
      return Array.from(command.matchAll(/--name (\w+)/g), ([, name = '']) => [name, type] as const);
    });
    expect(Object.fromEntries(added)).toEqual(SEARCH_ATTRIBUTES);
  });

  it('names every category of our streams', () => {
    for (const category of CATEGORIES) expect(operations).toContain(`\`${category}\``);
  });

  it('speaks of services and volumes that docker-compose.yml has', () => {
    const { services, volumes } = composeOf(readComposeText());
    const named = Array.from(
      operations.matchAll(/-T (?:--entrypoint \w+ )?([\w-]+) /g),
      ([, name = '']) => name,
    );
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !(name in services))).toEqual([]);
    const mounted = Array.from(operations.matchAll(/-v optledger_([\w-]+):/g), ([, name = '']) => name);
    expect(mounted).toEqual(['kurrentdb']);
    expect(volumes).toContain('kurrentdb');
  });
});

describe('links between documents', () => {
  it.each(documents)('%s links to files that are there', (file) => {
    const links = Array.from(
      readFileSync(file, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g),
      ([, link = '']) => link,
    );
    const local = links.filter((link) => !/^\w+:/.test(link));
    expect(local.filter((link) => !existsSync(normalize(join(dirname(file), link))))).toEqual([]);
  });
});
