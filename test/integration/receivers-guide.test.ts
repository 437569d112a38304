import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSigner } from '../../channels/signer.js';
import { classifyStatus } from '../../domain/callbacks/attempt-classes.js';
import { delaysOf } from '../../domain/callbacks/retry-schedule.js';
import { blocksOf } from '../support/receivers/document-blocks.js';
import { signatureCases } from '../support/receivers/signature-cases.js';
import { guideFolder, isHere, LANGUAGES, verdicts } from '../support/receivers/verifiers.js';

// docs/receivers.md: its code in every language on this machine, its known answers and its tables.

const PAGE = 'docs/receivers.md';
const page = readFileSync(PAGE, 'utf8');
const SECRETS = [
  'a secret',
  'ä, ☃ & 📱',
  `whsec_${Buffer.from('b'.repeat(32)).toString('base64')}`,
  'whsec_AAECAwQ=',
];

const requests = SECRETS.map((secret, n) => {
  const body = JSON.stringify({
    message_metadata: '{"list_type":"OPT_OUT_ALL"}',
    text: `hej då ${String(n)} 📱`,
  });
  const signed = {
    id: `id-${String(n)}`,
    body: Buffer.from(body),
    nonce: `nonce-${String(n)}`,
    nowMs: 1_700_000_000_000,
  };
  return { secret, body, headers: createSigner(secret).sign(signed) };
});
const cases = requests.flatMap(({ secret, ...request }) => signatureCases(secret, request));

interface Vector {
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}
const vectors = JSON.parse(blocksOf(PAGE).get('vectors') ?? '[]') as readonly Vector[];

const known = vectors.flatMap(({ secret, ...request }) =>
  (['sinch', 'standard'] as const).map((scheme) => ({
    ...{ ...request, scheme, secrets: [secret], now: 1_700_000_000 },
    ...{ name: 'a known answer', ours: true },
  })),
);

/** Building Go's own packages for the first time takes a while. */
const PATIENCE_MS = 300_000;

describe.each(LANGUAGES.map((language) => ({ language, name: language.name })))(
  'the $name block',
  ({ language }) => {
    it.skipIf(!isHere(language))('tells our requests from all others', { timeout: PATIENCE_MS }, async () => {
      const all = [...cases, ...known];
      const answers = await verdicts(language, all);
      expect(known).toHaveLength(4);
      expect(cases.length).toBeGreaterThan(200);
      expect(answers).toHaveLength(all.length);
      expect(
        all.filter(({ ours }, n) => answers[n] !== ours).map(({ name, secrets }) => [name, secrets]),
      ).toEqual([]);
    });
  },
);

describe('the known answers', () => {
  it('are what we sign', () => {
    for (const { secret, body, headers } of vectors) {
      const signed = {
        id: headers['webhook-id'] ?? '',
        body: Buffer.from(body),
        nonce: headers['x-sinch-webhook-signature-nonce'] ?? '',
        nowMs: 1_700_000_000_000,
      };
      expect(createSigner(secret).sign(signed)).toEqual(headers);
    }
  });
});

describe('the block with the library', () => {
  it('takes every form of secret, and nothing altered', async () => {
    const folder = guideFolder(['library.mjs']);
    const { parse } = (await import(pathToFileURL(join(folder, 'library.mjs')).href)) as {
      parse: (secret: string, headers: object, rawBody: Buffer) => unknown;
    };
    for (const secret of SECRETS) {
      const body = Buffer.from('{"a":"å"}');
      const headers = createSigner(secret).sign({ id: 'id', body, nonce: 'n', nowMs: Date.now() });
      expect(parse(secret, headers, body)).toEqual({ a: 'å' });
      expect(() => parse(secret, headers, Buffer.from('{"a":"b"}'))).toThrow();
      expect(() => parse('another', headers, body)).toThrow();
    }
  });
});

describe('the tables', () => {
  it('say of each answer what becomes of the callback', () => {
    const rows = page.split('\n').filter((line) => /^\| `\d{3}`/.test(line));
    const answers = rows.map((row) => (row.split('|')[1]?.match(/\d{3}/g) ?? []).map(Number));
    const classes = answers.map(
      (statuses) => new Set(statuses.map((status) => classifyStatus(status, 'durable'))),
    );
    expect(classes.map((found) => [...found])).toEqual([
      ['delivered'],
      ['transient'],
      ['misconfigured'],
      ['refused'],
      ['gone'],
    ]);
  });

  it.each(['durable', 'sinch'] as const)('say how long %s tries', (profile) => {
    const delays = delaysOf({ profile, timeoutS: 15 });
    const minutes = Math.floor(delays.reduce((sum, s) => sum + s, 0) / 60);
    const row = page.split('\n').find((line) => line.startsWith(`| \`${profile}\``)) ?? '';
    const cells = row.split('|').map((cell) => cell.trim());
    expect(cells[2]).toBe(String(delays.length + 1));
    expect(cells[4]).toBe(`${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`);
    expect(cells[3]).toContain(Math.max(...delays.slice(0, 14)).toLocaleString('en'));
  });
});
