import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { blocksOf } from './document-blocks.js';

/** One request as a verifier of the receivers' guide is asked about it. */
export interface VerifierCase {
  readonly scheme: 'sinch' | 'standard';
  readonly secrets: readonly string[];
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

interface Language {
  readonly name: string;
  /** Files of the guide. */
  readonly files: readonly string[];
  /** Reads cases as JSON (bodies in base64) and writes an array of booleans. */
  readonly driver: readonly [name: string, source: string];
  readonly more?: Readonly<Record<string, string>>;
  readonly command: readonly [string, ...string[]];
  readonly version: readonly [string, ...string[]];
}

export const LANGUAGES: readonly Language[] = [
  {
    name: 'Node',
    files: ['verify.mjs'],
    driver: [
      'drive.mjs',
      `import { readFileSync } from 'node:fs';
import { verifySinch, verifyStandard } from './verify.mjs';
const verify = { sinch: verifySinch, standard: verifyStandard };
const cases = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(cases.map(({ scheme, secrets, headers, body, now }) =>
  verify[scheme](secrets, headers, Buffer.from(body, 'base64'), now))));`,
    ],
    command: [process.execPath, 'drive.mjs'],
    version: [process.execPath, '--version'],
  },
  {
    name: 'Python',
    files: ['verify.py'],
    driver: [
      'drive.py',
      `import base64, json, sys, verify
cases = json.load(sys.stdin)
print(json.dumps([getattr(verify, "verify_" + c["scheme"])(c["secrets"], c["headers"],
    base64.b64decode(c["body"]), c["now"]) for c in cases]))`,
    ],
    command: ['python3', 'drive.py'],
    version: ['python3', '--version'],
  },
  {
    name: 'Go',
    files: ['verify.go'],
    driver: [
      'main.go',
      `package main

import (
	"encoding/json"
	"os"
	"strings"
	"time"
)

type headers map[string]string

func (h headers) Get(name string) string { return h[strings.ToLower(name)] }

func main() {
	var cases []struct {
		Scheme  string
		Secrets []string
		Headers headers
		Body    []byte
		Now     int64
	}
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	answers := []bool{}
	for _, one := range cases {
		verify := VerifyStandard
		if one.Scheme == "sinch" {
			verify = VerifySinch
		}
		answers = append(answers, verify(one.Secrets, one.Headers, one.Body, time.Unix(one.Now, 0)))
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
`,
    ],
    more: { 'go.mod': 'module receiver\n\ngo 1.21\n' },
    command: ['go', 'run', '.'],
    version: ['go', 'version'],
  },
  {
    name: 'PHP',
    files: ['verify.php'],
    driver: [
      'drive.php',
      `<?php
require 'verify.php';
$cases = json_decode(stream_get_contents(STDIN), true);
echo json_encode(array_map(fn ($c) => ('verify_' . $c['scheme'])($c['secrets'], $c['headers'],
    base64_decode($c['body']), $c['now']), $cases));`,
    ],
    command: ['php', 'drive.php'],
    version: ['php', '--version'],
  },
];

/** Whether the language is on this machine; says so loudly where it is not. */
export function isHere({ name, version: [program, ...args] }: Language): boolean {
  const here = spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  if (!here)
    console.warn(`! NOT TESTED HERE: the ${name} block of docs/receivers.md, there is no ${program}`);
  return here;
}

/** A folder with files of the guide, where packages of ours can be imported. */
export function guideFolder(files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'optledger-guide-'));
  const blocks = blocksOf('docs/receivers.md');
  for (const name of files) {
    const source = blocks.get(name);
    if (source === undefined) throw new Error(`docs/receivers.md has no block ${name}`);
    writeFileSync(join(folder, name), source);
  }
  symlinkSync(resolve(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** What the guide's code in one language says of each case. */
export async function verdicts(
  language: Language,
  cases: readonly VerifierCase[],
): Promise<readonly boolean[]> {
  const folder = guideFolder(language.files);
  for (const [name, source] of [language.driver, ...Object.entries(language.more ?? {})]) {
    writeFileSync(join(folder, name), source);
  }
  const [program, ...args] = language.command;
  const offline = { GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' };
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...offline } });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => output.push(part.toString()));
  child.stdin.end(
    JSON.stringify(cases.map((one) => ({ ...one, body: Buffer.from(one.body).toString('base64') }))),
  );
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${language.name} ended with ${String(code)}:\n${output.join('')}`);
  return JSON.parse(output.join('')) as readonly boolean[];
}
