import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigner } from '../../channels/signer.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { nothingOwed } from '../support/metrics.js';
import type { Received } from '../support/stand-ins/scripted-server.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { signatureCases } from '../support/receivers/signature-cases.js';
import { inbound, listed, registerWebhook, send, toCallback } from '../support/story.js';
import { guideFolder, isHere, LANGUAGES, verdicts } from '../support/receivers/verifiers.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// docs/receivers.md against callbacks of a running instance: its receiver as it stands there, and its verifiers.

const SECRETS = ['of-the-receiver', `whsec_${Buffer.from('k'.repeat(32)).toString('base64')}`] as const;
const PEOPLE = Array.from({ length: 12 }, (_, n) => `46790${String(n).padStart(6, '0')}`);
const WORDS = ['STOP', 'START', 'STOP MARKETING', 'STOP', 'START MARKETING', 'START'];

interface Known {
  readonly ids: readonly string[];
  readonly standing: readonly (readonly [
    string,
    { readonly sequence: number; readonly optedOut: boolean },
  ])[];
}

/** The receiver of the page in a process of its own; the test only adds a way to ask what it knows. */
async function startGuideReceiver(secrets: readonly string[], port = 0) {
  const folder = guideFolder(['verify.mjs', 'receiver.mjs']);
  appendFileSync(
    join(folder, 'receiver.mjs'),
    `
process.on('message', () => process.send({ ids: [...inbox.keys()], standing: [...standing] }));
process.on('disconnect', () => process.exit());
`,
  );
  const child: ChildProcess = spawn(process.execPath, ['receiver.mjs'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), WEBHOOK_SECRETS: secrets.join(' ') },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const output: string[] = [];
  child.stdout?.on('data', (part: Buffer) => output.push(part.toString()));
  const line = await waitFor('the receiver listens', () => /port (\d+)/.exec(output.join(''))?.[1]);
  const exit = once(child, 'exit');
  return {
    port: Number(line),
    url: `http://127.0.0.1:${line}/`,
    knows: async (): Promise<Known> => {
      child.send('what do you know?');
      const [known] = (await once(child, 'message')) as [Known];
      return known;
    },
    stop: async (): Promise<void> => {
      child.kill();
      await exit;
    },
  };
}

let instance: Instance;
let recorder: ServerProcess;
let receiver: Awaited<ReturnType<typeof startGuideReceiver>>;
let webhookId = '';
let recorded: readonly Received[] = [];

beforeAll(async () => {
  recorder = await startWebhookReceiverProcess();
  receiver = await startGuideReceiver([SECRETS[0]]);
  instance = await startInstance({ temporal: 'shared' });
  webhookId = await registerWebhook(instance, receiver.url, { secret: SECRETS[0] });
  await registerWebhook(instance, `${recorder.url}/plain`, { secret: SECRETS[0] });
  await registerWebhook(instance, `${recorder.url}/base64`, { secret: SECRETS[1] });
  await Promise.all(
    PEOPLE.map(async (identity, n) => {
      for (const word of WORDS.slice(0, 1 + (n % WORDS.length))) await inbound(instance, identity, word);
      await send(instance, identity, 'CONTENT_MARKETING');
    }),
  );
  await nothingOwed(instance, 60_000);
  recorded = await recorder.requests();
}, 120_000);

afterAll(async () => {
  await instance.stop();
  await Promise.all([receiver.stop(), recorder.stop()]);
});

const post = async (secret: string, body: string, sequence: number, id: string): Promise<number> => {
  const signed = createSigner(secret).sign({ id, body: Buffer.from(body), nonce: 'n', nowMs: Date.now() });
  const headers = { ...signed, 'content-type': 'application/json', 'optledger-sequence': String(sequence) };
  return (await fetch(receiver.url, { method: 'POST', headers, body })).status;
};

async function expectSameLists(): Promise<void> {
  const { standing } = await receiver.knows();
  for (const list of ['OPT_OUT_ALL', 'OPT_OUT_MARKETING', 'OPT_OUT_NOTIFICATION']) {
    const out = standing.filter(([key, { optedOut }]) => optedOut && key.endsWith(` ${list}`));
    expect(out.map(([key]) => key.split(' ')[1]).toSorted()).toEqual(
      (await listed(instance, list)).toSorted(),
    );
  }
}

describe('the receiver of the guide', () => {
  it('ends with the lists that we have, blocked messages told or not', async () => {
    await expectSameLists();
    const blocked = recorded
      .map(toCallback)
      .filter(({ kind, body }) => kind === 'opt_out_notification' && body['message_metadata'] === '');
    expect(blocked.length).toBeGreaterThan(0);
    expect((await listed(instance, 'OPT_OUT_ALL')).length).toBeGreaterThan(2);
  });

  it('has each callback once, and takes a repeat without a change', async () => {
    const plain = recorded.filter(({ path }) => path === '/plain');
    const before = await receiver.knows();
    expect(before.ids.toSorted()).toEqual(plain.map(({ headers }) => headers['webhook-id'] ?? '').toSorted());
    for (const { headers, body } of plain) {
      const again = await fetch(receiver.url, { method: 'POST', headers: { ...headers, host: '' }, body });
      expect(again.status).toBe(204);
    }
    expect(await receiver.knows()).toEqual(before);
  });

  it('lets the last change win, in whatever order they come', async () => {
    const body = (kind: string): string =>
      JSON.stringify({
        app_id: 'a',
        [kind]: { identity: '46799999999' },
        message_metadata: '{"list_type":"OPT_OUT_ALL"}',
      });
    const told = [
      ['opt_out_notification', 4],
      ['opt_in_notification', 9],
      ['opt_out_notification', 7],
    ] as const;
    for (const [kind, sequence] of told) {
      expect(await post(SECRETS[0], body(kind), sequence, `made-${String(sequence)}`)).toBe(204);
    }
    const { standing } = await receiver.knows();
    expect(standing.filter(([key]) => key.startsWith('a '))).toEqual([
      ['a 46799999999 OPT_OUT_ALL', { sequence: 9, optedOut: false }],
    ]);
  });

  it('answers 401 to others, and 500 to more than it reads', async () => {
    const before = await receiver.knows();
    expect(await post('another', '{}', 1, 'forged')).toBe(401);
    expect((await fetch(receiver.url, { method: 'POST', body: '{}' })).status).toBe(401);
    expect(await post(SECRETS[0], 'x'.repeat(1_048_577), 1, 'large').catch(() => 500)).toBe(500);
    expect(await receiver.knows()).toEqual(before);
  });

  it('lives through a change of the secret without a failed attempt', { timeout: 60_000 }, async () => {
    const { port } = receiver;
    const one = PEOPLE[0] ?? '';
    await receiver.stop();
    receiver = await startGuideReceiver([SECRETS[1], SECRETS[0]], port);
    await inbound(instance, one, 'START');
    await nothingOwed(instance, 30_000);
    const change = { secret: SECRETS[1] };
    const path = `/webhooks/${webhookId}?update_mask=secret`;
    expect((await instance.call('PATCH', path, change)).status).toBe(200);
    await inbound(instance, one, 'STOP');
    await nothingOwed(instance, 30_000);
    expect((await receiver.knows()).ids.length).toBeGreaterThan(4);
    await receiver.stop();
    receiver = await startGuideReceiver([SECRETS[1]], port);
    await inbound(instance, one, 'STOP MARKETING');
    await nothingOwed(instance, 30_000);
    const { standing } = await receiver.knows();
    expect(standing.map(([key]) => key)).toEqual([`${instance.appId} ${one} OPT_OUT_MARKETING`]);
  });
});

describe.each(LANGUAGES.map((language) => ({ language, name: language.name })))('$name', ({ language }) => {
  it.skipIf(!isHere(language))(
    'knows every real callback, and each alteration of some',
    { timeout: 300_000 },
    async () => {
      const secretOf = ({ path }: Received): string => SECRETS[path === '/base64' ? 1 : 0];
      const kinds = new Map(recorded.map((one) => [`${one.path} ${toCallback(one).kind}`, one]));
      const all = recorded.flatMap((one) =>
        signatureCases(secretOf(one), one).filter(({ name }) => name.endsWith('as it came')),
      );
      const some = [...kinds.values()].flatMap((one) => signatureCases(secretOf(one), one));
      const answers = await verdicts(language, [...all, ...some]);
      expect(kinds.size).toBe(10);
      expect(all.length).toBeGreaterThan(200);
      const wrong = [...all, ...some].filter(({ ours }, n) => answers[n] !== ours).map(({ name }) => name);
      expect(wrong).toEqual([]);
      console.log(`${language.name}: ${String(all.length)} real signatures, ${String(some.length)} cases`);
    },
  );
});
