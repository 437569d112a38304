import { randomUUID } from 'node:crypto';
import { systemClock } from '../../bin/machine/system-clock.js';
import { openKurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import { createGatewayApp } from '../support/stand-ins/gateway-app.js';
import { startGateway } from '../support/stand-ins/gateway.js';
import { instanceOn, newDataDir, type Instance } from '../support/instance/instance.js';
import { eachEventIn } from '../support/ledger/ledger-file.js';
import { metric, nothingOwed } from '../support/metrics.js';
import {
  checkOutside,
  LATEST_MS,
  type OutsideReport,
  type SeenHandOver,
} from '../support/races/race-judge.js';
import { createChecker, type InsideReport } from '../support/races/race-ledger.js';
import { seenByGateway, seenByPhones } from '../support/races/seen-hand-overs.js';
import { registerWebhook, toCallback, type Callback } from '../support/story.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';
import { createChaosClient, type ChaosClient } from '../support/topology/chaos-client.js';
import { startTopology, type Topology } from '../support/topology/topology.js';

/** Two of each role, an app on the simulator and one on a gateway, and a client of each. */
export interface ChaosWorld {
  readonly topology: Topology;
  readonly instance: Instance;
  readonly clients: readonly [ChaosClient, ChaosClient];
  /** Everything that was handed over so far, replies included. */
  handOvers(): Promise<readonly SeenHandOver[]>;
  /** Waits until nothing is owed, then judges. */
  judge(): Promise<ChaosReport>;
  close(): Promise<void>;
}

export interface ChaosReport {
  /** Acknowledged, but not in the ledger. */
  readonly missing: readonly string[];
  readonly outside: readonly OutsideReport[];
  readonly inside: InsideReport;
  /** Message ids that were handed over more than once. */
  readonly twice: readonly string[];
  /** Messages that ended `DELIVERY_TIMED_OUT`: their hand-over was under way when its process went. */
  readonly timedOut: number;
  readonly callbacks: { readonly delivered: number; readonly parked: number };
  /** Message ids whose MESSAGE_INBOUND, or whose MESSAGE_DELIVERY, the receiver never saw. */
  readonly unheard: readonly string[];
  readonly acknowledged: { readonly inbound: number; readonly sends: number };
  readonly refused: { readonly answered: number; readonly unanswered: number };
}

const SETTLES_MS = 280_000;
const TRIGGERS = ['MESSAGE_INBOUND', 'OPT_IN', 'OPT_OUT', 'MESSAGE_DELIVERY'];

/** @param workerEntry another program than the workers' own, with a fault that has to be found */
export async function startChaosWorld(workerEntry?: string): Promise<ChaosWorld> {
  const folder = newDataDir();
  const [gateway, receiver] = await Promise.all([startGateway(), startWebhookReceiverProcess()]);
  const topology = await startTopology({
    ...{ folder, spread: true },
    ...(workerEntry === undefined ? {} : { workerEntry }),
  });
  const instance = instanceOn(topology, folder);
  const viaGateway = await createGatewayApp(instance, gateway);
  for (const appId of [instance.appId, viaGateway]) {
    await registerWebhook(instance, receiver.url, { app_id: appId, triggers: TRIGGERS });
  }
  const clients = [
    createChaosClient(instance, instance.appId),
    createChaosClient(instance, viaGateway),
  ] as const;

  return {
    ...{ topology, instance, clients },
    handOvers: async () => [...(await seenByPhones(instance)), ...(await seenByGateway(gateway))],
    async judge() {
      await nothingOwed(instance, SETTLES_MS);
      const [phones, calls] = [await seenByPhones(instance), await seenByGateway(gateway)];
      const facts = await readFacts(topology.engines.ledger.url);
      const ids = clients.flatMap(({ acknowledged }) => [
        ...acknowledged.inbound,
        ...acknowledged.sends.keys(),
      ]);
      const heard = heardBy((await receiver.requests()).map(toCallback));
      const seen = [...phones, ...calls].map(({ messageId }) => messageId);
      const sum = (of: (client: ChaosClient) => number): number => of(clients[0]) + of(clients[1]);
      return {
        missing: ids.filter((id) => !facts.messages.has(id)),
        outside: [
          checkOutside(clients[0].log, phones, LATEST_MS.ledgerServer),
          checkOutside(clients[1].log, calls, LATEST_MS.ledgerServer),
        ],
        inside: facts.inside,
        twice: seen.filter((id, n) => seen.indexOf(id) !== n),
        timedOut: facts.timedOut,
        unheard: ids.filter((id) => !heard.has(id)),
        callbacks: {
          delivered: facts.delivered,
          parked: await metric(instance, 'optledger_callbacks_parked'),
        },
        acknowledged: {
          inbound: sum(({ acknowledged }) => acknowledged.inbound.size),
          sends: sum(({ acknowledged }) => acknowledged.sends.size),
        },
        refused: {
          answered: sum(({ refused }) => refused.answered),
          unanswered: sum(({ refused }) => refused.unanswered),
        },
      };
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await topology.stop();
      await Promise.all([gateway.stop(), receiver.stop()]);
      await Promise.all([topology.engines.temporal.stop(), topology.engines.ledger.stop()]);
    },
  };
}

/** The messages that a customer knows the outcome of. */
function heardBy(callbacks: readonly Callback[]): ReadonlySet<string> {
  const heard = new Set<string>();
  for (const { kind, payload } of callbacks) {
    if (kind === 'message') heard.add(String(payload['id']));
    // The gateway gives no receipts: there QUEUED_ON_CHANNEL is the last word.
    if (kind === 'message_delivery_report') heard.add(String(payload['message_id']));
  }
  return heard;
}

interface Facts {
  readonly messages: ReadonlySet<string>;
  readonly inside: InsideReport;
  readonly timedOut: number;
  readonly delivered: number;
}

/** The ledger from end to end, by a way of the test's own. */
async function readFacts(url: string): Promise<Facts> {
  const ledger = await openKurrentLedger({ url, clock: systemClock, newId: randomUUID });
  const checker = createChecker();
  const messages = new Set<string>();
  let [timedOut, delivered] = [0, 0];
  try {
    await eachEventIn(ledger, (recorded) => {
      checker.take(recorded);
      const { event } = recorded;
      if (event.type === 'message-received' || event.type === 'message-accepted')
        messages.add(event.data.messageId);
      if (event.type === 'message-failed' && event.data.reason === 'DELIVERY_TIMED_OUT') timedOut += 1;
      if (event.type === 'callback-delivered') delivered += 1;
    });
  } finally {
    await ledger.close();
  }
  return { messages, inside: checker.report(), timedOut, delivered };
}
