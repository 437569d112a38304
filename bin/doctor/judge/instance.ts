import { fault, ok, warning, type Finding } from '../finding.js';

/** The things that are seen of an instance from outside. */
export interface InstanceSeen {
  /** Process that holds the ledger's lock; undefined where none is seen. */
  readonly holder: number | undefined;
  /** Where it was asked; undefined where nobody knows. */
  readonly url: string | undefined;
  readonly answer: 'none' | 'starting' | 'ready' | 'degraded' | 'other';
  /** What does not run, as `/health/ready` names it. */
  readonly missing: readonly string[];
}

export const isRunning = ({ holder, answer }: InstanceSeen): boolean =>
  holder !== undefined || answer === 'ready' || answer === 'degraded' || answer === 'starting';

export function judgeInstance(seen: InstanceSeen): Finding {
  const check = 'instance';
  const { holder, url = 'its address', answer, missing } = seen;
  if (!isRunning(seen)) return ok(check, 'no instance runs on this folder; `optledger start` starts one');
  const who = holder === undefined ? 'an instance' : `process ${String(holder)}`;
  switch (answer) {
    case 'ready':
      return ok(check, `${who} runs on this folder and is ready at ${url}; a second start on it is refused`);
    case 'starting':
      return warning(check, `${who} runs on this folder and is still starting`, 'wait, then ask again');
    case 'degraded':
      return fault(
        check,
        `${who} is degraded: ${missing.join(', ')} does not run; replies, sends and callbacks wait`,
        'its log names the cause; TEMPORAL_ADDRESS points it at another Temporal server',
      );
    case 'none':
    case 'other':
      return fault(
        check,
        `${who} holds the ledger's lock and does not answer at ${url}`,
        `if it is not just starting, stop it (kill ${String(holder ?? '<pid>')}), or give this instance its own DATA_DIR`,
      );
  }
}
