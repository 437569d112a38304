import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const named = z.union([z.array(z.string()), z.record(z.string(), z.unknown()).transform(Object.keys)]);

const service = z.object({
  image: z.string().optional(),
  build: z.unknown().optional(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), text).default({}),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: named.default([]),
  network_mode: z.string().optional(),
  secrets: z.array(z.string()).default([]),
  configs: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ disable: z.boolean().default(false) }).optional(),
  restart: z.string().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
});
const declared = z.record(z.string(), z.unknown()).default({}).transform(Object.keys);

/** What the rules look at, in the one spelling that our file uses: lists of short forms. */
const composeFile = z.object({
  services: z.record(z.string(), service),
  networks: declared,
  volumes: declared,
  secrets: declared,
  configs: declared,
});
export type ComposeFile = z.infer<typeof composeFile>;
export type ComposeService = z.infer<typeof service>;

export const readComposeText = (): string => readFileSync('docker-compose.yml', 'utf8');

/** The document as data, anchors and merges followed, as the schema wants it. */
export function composeDocument(yaml: string): unknown {
  return parse(yaml, { merge: true }) as unknown;
}

/** Its part that the rules look at. @throws ZodError where something is written in another form */
export function composeOf(yaml: string): ComposeFile {
  return composeFile.parse(composeDocument(yaml));
}

/**
 * A value with `${NAME:-default}` as on a machine where none of the names is set; a default may hold another.
 * Compose specification, "Interpolation".
 */
export function withDefaults(value: string): string {
  const replaced = value.replace(/\$\{\w+:-([^${}]*)\}/g, '$1');
  return replaced === value ? value : withDefaults(replaced);
}
