import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { POLICY } from '../../bin/wiring/policy.js';
import { processConfig } from '../../bin/config.js';
import { setTimer } from '../../bin/machine/set-timer.js';
import { standForLeader } from '../../bin/temporal/temporal-leader.js';
import { linkTemporal } from '../../bin/temporal/temporal-link.js';
import { obtainTemporal } from '../../bin/temporal/temporal-ladder.js';
import { makeWorkflowBundle } from '../../bin/wiring/workflow-bundle.js';
import { leaderId } from '../../workflows/names.js';
import { answered, endpoint, WorkflowsWorld } from '../worlds/workflows-world.js';
import { waitFor } from '../support/wait-for.js';
import { appState, fakeChannel, mid, taken } from '../worlds/hand-over-world.js';

// Records the golden histories from a real server: `npx tsx test/histories/record.ts`. Only when a workflow was changed
// on purpose; what still runs under the old code then needs `patched()` or a workflow file of its own.

const { temporal, machine } = processConfig();
const executable = temporal.executable ?? (await obtainTemporal({ machine, say: console.log })).executable;
const env = await new WorkflowsWorld().open();
await env.startServer(executable);

async function record(file: string, workflowId: string): Promise<void> {
  // Not `historyToJSON`: it breaks where npm installs protobufjs twice.
  const json = JSON.stringify(await env.client.workflow.getHandle(workflowId).fetchHistory(), null, 1);
  // Who recorded it is nobody's business.
  const anonymous = json.replace(/"(identity|workerId)": ?"[^"]*"/g, '"$1": "recorded"');
  writeFileSync(join(import.meta.dirname, `${file}.json`), `${anonymous}\n`);
  console.log(file, workflowId);
}
/** The batch of the lane that came last. */
async function newest(type: string): Promise<string> {
  const [first] = await waitFor(`a completed ${type}`, async () => {
    const found = [];
    for await (const { workflowId } of env.client.workflow.list({
      query: `WorkflowType = '${type}' AND ExecutionStatus = 'Completed'`,
    })) {
      found.push(workflowId);
    }
    return found.length > 0 && found;
  });
  return first ?? '';
}
const open = (query: string): Promise<string> =>
  waitFor(query, async () => (await env.workflows(`${query} AND ExecutionStatus = 'Running'`))[0]?.id);

try {
  await env.world.configure(appState({}, { endpoints: [endpoint] }));
  await env.startEngine();

  // Decided at once: one handed over, one blocked, their callbacks delivered.
  await env.world.consent('c2', 'OPT_OUT');
  await waitFor('the callback', () => env.posted.length === 1 && env.owed() === 0);
  await Promise.all([env.world.send('m1', 'c1'), env.world.send('m2', 'c2')]);
  await waitFor('all ended', () => env.posted.length >= 3 && env.owed() === 0);
  await record('send-messages.decided', await newest('send-messages'));
  await record('deliver-callbacks.decided', await newest('deliver-callbacks'));

  // Not taken: each gets a workflow of its own and waits there.
  env.channel = fakeChannel(({ attempt }) =>
    attempt < 3 ? { outcome: 'not-taken', class: 'busy', retryAfterMs: 2_000 } : taken,
  );
  env.answer = () => answered(503);
  await env.world.send('m3', 'c3');
  await env.world.consent('c4', 'OPT_OUT');
  const message = await open("WorkflowType = 'send-message' AND OptAttempts = 2");
  await record('send-message.waiting', message);
  const callback = await open("WorkflowType = 'deliver-callback' AND OptAttempts = 2");
  await record('deliver-callback.waiting', callback);
  await record('send-messages.waiting', await newest('send-messages'));
  await record('deliver-callbacks.waiting', await newest('deliver-callbacks'));

  // Somebody leads, and goes on leading.
  const { ledgerId } = env;
  const say = (): void => undefined;
  const address = env.server?.address ?? '';
  const { temporal: times } = POLICY;
  const link = await linkTemporal({ address, namespace: 'default', ledgerId, isOurs: true, times, say });
  const candidate = await standForLeader({
    ...{
      link,
      ledgerId,
      setTimer,
      times,
      logger: pino({ level: 'silent' }),
      bundle: await makeWorkflowBundle(),
    },
    beginTerm: () =>
      Promise.resolve({ over: new Promise<void>(() => undefined), end: () => Promise.resolve() }),
  });
  await open("WorkflowType = 'lead-reactor'");
  await record('lead-reactor.waiting', leaderId(ledgerId));
  await candidate.stop();
  await link.close();

  // And end there.
  env.answer = () => answered(200);
  await env.client.workflow.getHandle(message).result();
  await env.client.workflow.getHandle(callback).result();
  await record('send-message.decided', `${env.ledgerId}:message:${mid('m3')}`);
  await record('deliver-callback.decided', callback);
} finally {
  await env.stopEngine();
  await env.stopServer();
  await env.close();
}
