import type { AppendFault, Faults } from './fake-server.js';

/** Applies to the next append only. */
export function faultNextAppend(faults: Faults, fault: AppendFault): void {
  let used = false;
  faults.append = () => {
    if (used) return undefined;
    used = true;
    return fault;
  };
}
