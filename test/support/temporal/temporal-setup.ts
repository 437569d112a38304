import { processConfig } from '../../../bin/config.js';
import { obtainTemporal } from '../../../bin/temporal/temporal-ladder.js';

declare module 'vitest' {
  interface ProvidedContext {
    temporalExecutable: string;
  }
}

interface Project {
  provide: (key: 'temporalExecutable', value: string) => void;
}

/** Gives tests `inject('temporalExecutable')`, and the processes that they start TEMPORAL_EXECUTABLE. */
export async function setup(project: Project): Promise<void> {
  const { temporal, machine } = processConfig();
  const executable = temporal.executable ?? (await obtainTemporal({ machine, say: console.log })).executable;
  process.env['TEMPORAL_EXECUTABLE'] = executable;
  project.provide('temporalExecutable', executable);
}
