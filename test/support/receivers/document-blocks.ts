import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The blocks of a page that name a file, by that name: what stands after the language of the fence. */
export function blocksOf(page: string): ReadonlyMap<string, string> {
  const text = readFileSync(resolve(import.meta.dirname, '../../..', page), 'utf8');
  const blocks = [...text.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)];
  return new Map(blocks.map(([, name = '', body = '']) => [name, body]));
}
