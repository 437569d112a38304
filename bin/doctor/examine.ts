import { nodeProblem } from '../cli/node-version.js';
import type { Config } from '../config.js';
import { fault, ok, type Finding } from './finding.js';
import { isRunning, judgeInstance } from './judge/instance.js';
import { lookAtApps } from './look/apps.js';
import { lookAtFolder } from './look/folder.js';
import { addressesInDemo, lookAtInstance } from './look/instance.js';
import { lookAtLedger, type LedgerLook } from './look/ledger.js';
import { lookAtNetwork } from './look/network.js';
import { lookAtTemporal } from './look/temporal.js';
import { lookAtViews } from './look/views.js';

interface Examination {
  readonly config: Config;
  readonly nodeVersion: string;
  readonly now: () => number;
}

/**
 * Looks at everything that a new user gets wrong, whether an instance runs or not. Only reads: no file is written,
 * no lock taken, and nothing is asked of an instance but its health.
 */
export async function examine({ config, nodeVersion, now }: Examination): Promise<Finding[]> {
  const instance = await lookAtInstance(config);
  const running = isRunning(instance);
  const uiUrl =
    config.temporal.uiUrl ??
    (running ? (addressesInDemo(config.demoFile).temporalUi ?? undefined) : undefined);
  const folder = lookAtFolder(config);
  const ledger = lookAtLedger(config, now());
  try {
    return [
      judgeNode(nodeVersion),
      ...folder,
      judgeInstance(instance),
      ...(await lookAtNetwork(config, running)),
      ...(await lookAtTemporal({ config, running, uiUrl, now })),
      ...ledger.findings,
      ...(await lookInside(config, ledger, running, now())),
    ];
  } finally {
    ledger.ledger?.close();
  }
}

function judgeNode(version: string): Finding {
  const problem = nodeProblem(version);
  return problem === undefined ? ok('node', `Node ${version}`) : fault('node', problem.text, problem.remedy);
}

async function lookInside(
  config: Config,
  { ledger, rootKey }: LedgerLook,
  running: boolean,
  now: number,
): Promise<Finding[]> {
  if (ledger === undefined || ledger.head === 0n) return [];
  const views = lookAtViews({ file: config.viewsFile, ledger, running, now });
  const { northAmerican } = views;
  const allowedCidrs = config.callbackAllowCidrs;
  return [
    ...views.findings,
    ...(await lookAtApps({ apps: ledger.apps(), northAmerican, rootKey, allowedCidrs })),
  ];
}
