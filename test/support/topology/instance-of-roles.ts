import { startTopology, type Topology, type TopologyOptions } from './topology.js';

/** As much of an instance as a topology has of its own; `startInstance` makes the rest. */
export interface ManyProcesses {
  readonly topology: Topology;
  output(): string;
  /** Resolves with the first exit code that is not 0, else 0. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

/** Starts two of each role instead of one process that is everything. */
export async function startManyProcesses(options: TopologyOptions): Promise<ManyProcesses> {
  const topology = await startTopology(options);
  return {
    topology,
    output: () => topology.processes.map((one) => one.output()).join(''),
    stop: async () => (await topology.stop())[0] ?? 0,
    kill: () => topology.kill(),
  };
}
