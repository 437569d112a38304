import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from './config.js';
import { DemoClient, seen, type DemoFile } from './demo/demo-client.js';
import { DemoReceiver, type ReceivedCallback } from './demo/demo-receiver.js';
import { newUuid } from './machine/chance.js';
import { monotonicMs } from './machine/system-clock.js';

// `npm run demo`: the whole story against a throw-away instance with its own webhook receiver.

const PERSON = '46700000001';
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const step = (title: string): boolean => say(`\n▸ ${title}`);
const shown = (label: string, value: unknown): boolean =>
  say(`    ${label.padEnd(12)} ${JSON.stringify(value)}`);

function callback(
  receiver: DemoReceiver,
  kind: string,
  where: (body: ReceivedCallback) => boolean,
): Promise<ReceivedCallback> {
  return seen(`a ${kind} callback`, () => receiver.received.find((one) => one.kind === kind && where(one)));
}

function reportFor(messageId: unknown, status: string): (one: ReceivedCallback) => boolean {
  return ({ body }) => {
    const report = body['message_delivery_report'] as Record<string, unknown> | undefined;
    return report?.['message_id'] === messageId && report?.['status'] === status;
  };
}

async function play(demo: DemoFile, receiver: DemoReceiver, target: string, secret: string): Promise<void> {
  const client = new DemoClient(demo);
  step('The back end registers its webhook, signed with a secret');
  shown('webhook', {
    target,
    triggers: ((await client.registerWebhook(target, secret))['triggers'] as string[]).length,
  });

  step('A marketing message goes out');
  const first = await client.send(PERSON, 'Spring sale: 20 % off', 'CONTENT_MARKETING');
  await callback(receiver, 'message_delivery_report', reportFor(first['message_id'], 'DELIVERED'));
  shown('phone', (await client.phone()).at(-1));

  step('The person answers "stop "');
  const began = monotonicMs();
  const stop = await client.inbound('provider-1', PERSON, ' stop ');
  shown('answer', stop['matched']);
  say(`    acknowledged in ${(monotonicMs() - began).toFixed(1)} ms; from here on the block holds`);
  shown('list', (await client.list('OPT_OUT_ALL'))['identities']);

  step('The person gets one confirmation, the back end a signed callback');
  shown(
    'phone',
    await seen('the reply', async () => (await client.phone()).find((one) => one.kind === 'REPLY')),
  );
  const optOut = await callback(receiver, 'opt_out_notification', () => true);
  shown('callback', {
    kind: optOut.kind,
    signature: optOut.verified ? 'valid' : 'INVALID',
    list: optOut.body['message_metadata'],
  });

  step('The next marketing message is blocked, and says why');
  const second = await client.send(PERSON, 'Last chance!', 'CONTENT_MARKETING');
  const failed = await callback(
    receiver,
    'message_delivery_report',
    reportFor(second['message_id'], 'FAILED'),
  );
  shown('callback', (failed.body['message_delivery_report'] as Record<string, unknown>)['reason']);
  shown('phone', `${String((await client.phone()).length)} messages: nothing new arrived`);

  step('START lets messages through again');
  shown('answer', (await client.inbound('provider-2', PERSON, 'Start'))['matched']);
  const third = await client.send(PERSON, 'Welcome back', 'CONTENT_NOTIFICATION');
  await callback(receiver, 'message_delivery_report', reportFor(third['message_id'], 'DELIVERED'));
  shown('phone', (await client.phone()).at(-1));

  step('Every change stands in the audit trail');
  for (const record of (await client.audit(PERSON))['audit_records'] as Record<string, unknown>[]) {
    shown('audit', [record['datetime'], record['operation'], record['list_type'], record['origin']]);
  }
  const invalid = receiver.received.filter((one) => !one.verified).length;
  say(
    `\n${String(receiver.received.length)} callbacks received, ${String(invalid)} with an invalid signature`,
  );
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'optledger-demo-'));
  const secret = newUuid();
  const receiver = new DemoReceiver(secret);
  const target = await receiver.listen();
  say('Starting a throw-away instance …');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'all.js')], {
    env: childEnvironment({ DATA_DIR: dataDir, PORT: '', HOST: '127.0.0.1', LEDGER_URL: '', VIEWS_URL: '' }),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    await seen('the instance to be ready', () => {
      if (child.exitCode !== null) throw new Error(`the instance ended:\n${output}`);
      return output.includes('optledger is ready') ? true : undefined;
    });
    const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
    say(`Running at ${demo.url}, workflows at ${demo.temporalUi ?? 'your Temporal'}`);
    await play(demo, receiver, target, secret);
  } finally {
    child.kill('SIGTERM');
    await ended;
    receiver.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await main();
