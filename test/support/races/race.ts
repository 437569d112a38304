import { resolve } from 'node:path';
import { createGatewayApp } from '../stand-ins/gateway-app.js';
import { startGateway } from '../stand-ins/gateway.js';
import { newDataDir, ON_ROLES, startInstance, type Instance } from '../instance/instance.js';
import { nothingOwed, owedMessages } from '../metrics.js';
import { createRaceClient } from './race-client.js';
import { openGate } from './race-gate.js';
import { checkOutside, LATEST_MS, type OutsideReport } from './race-judge.js';
import { checkInside, type InsideReport } from './race-ledger.js';
import { playRace, type RaceOptions } from './race-play.js';
import { seenByGateway, seenByPhones } from './seen-hand-overs.js';

const CONNECTIONS = 64;
const LATEST = ON_ROLES ? LATEST_MS.ledgerServer : LATEST_MS.ledgerFile;
/** Messages owed at the same time. */
const MOST_OWED = 60;

/** An instance with an app on the simulator and one on the `http` channel, both raced against at the same time. */
export interface Race {
  readonly instance: Instance;
  play(options: Omit<RaceOptions, 'gate'>): Promise<void>;
  /** Waits until nothing is owed, then judges by what simulator and gateway saw. */
  outside(): Promise<Readonly<Record<'simulator' | 'http', OutsideReport>>>;
  /** Stops the instance and reads its ledger. */
  inside(): Promise<InsideReport>;
  close(): Promise<void>;
}

/**
 * On roles changes and sends go to all API processes in turn.
 * @param planted true: a program with a fault that has to be found
 */
export async function startRace({ planted = false } = {}): Promise<Race> {
  const dataDir = newDataDir();
  const gateway = await startGateway();
  const entry = planted ? { entry: resolve(import.meta.dirname, 'planted-main.ts') } : {};
  const instance = await startInstance({ dataDir, spread: true, ...entry });
  const viaGateway = await createGatewayApp(instance, gateway);
  // The replies of changes are another test's: here they would be half of the work.
  for (const appId of [instance.appId, viaGateway]) {
    await instance.call('PATCH', `/apps/${appId}/consent-settings`, { auto_reply: false });
  }
  const clients = {
    simulator: createRaceClient(instance, instance.appId, CONNECTIONS),
    http: createRaceClient(instance, viaGateway, CONNECTIONS),
  };
  return {
    instance,
    play: async (options) => {
      const gate = openGate(() => owedMessages(instance), MOST_OWED);
      try {
        await Promise.all(Object.values(clients).map((client) => playRace(client, { ...options, gate })));
      } finally {
        await gate.close();
      }
    },
    outside: async () => {
      await nothingOwed(instance, 280_000);
      const [phones, calls] = [await seenByPhones(instance), await seenByGateway(gateway)];
      return {
        simulator: checkOutside(clients.simulator.log, phones, LATEST),
        http: checkOutside(clients.http.log, calls, LATEST),
      };
    },
    inside: async () => {
      await instance.stop();
      return checkInside(dataDir);
    },
    close: async () => {
      await Promise.all([clients.simulator.close(), clients.http.close()]);
      await Promise.all([instance.stop(), gateway.stop()]);
    },
  };
}

/** One line of figures. */
export function describeOutside(name: string, report: OutsideReport): string {
  const { handOvers, decided, late, slow } = report;
  const share = ((decided / Math.max(handOvers, 1)) * 100).toFixed(1);
  return `${name}: ${handOvers} hand-overs, ${share} % decided, ${late.length} late, ${slow.length} slow`;
}
