import { systemLookup } from '../../../http-client/host-lookup.js';
import { createAddressGuard, type AddressGuard } from '../../../http-client/address-guard.js';
import { checkTargetNow } from '../../../http-client/target-check.js';
import { endpointSecretContext } from '../../../domain/seal-contexts.js';
import type { AppState, Endpoint } from '../../../domain/settings.js';
import type { RootKey } from '../../../ledger/keys/root-key.js';
import type { Finding } from '../finding.js';
import { judgeApp } from '../judge/apps.js';
import { judgeWebhook } from '../judge/webhooks.js';

interface LookAtApps {
  readonly apps: readonly AppState[];
  readonly northAmerican: ReadonlyMap<string, number>;
  /** Opens the webhooks' secrets, of which the length is looked at. */
  readonly rootKey: RootKey | undefined;
  readonly allowedCidrs: readonly string[];
}

/** Looks at every app with its webhooks. */
export async function lookAtApps(look: LookAtApps): Promise<Finding[]> {
  const guard = createAddressGuard(look.allowedCidrs);
  const found = await Promise.all(
    look.apps.map(async (app) => [
      ...judgeApp(app, look.northAmerican.get(app.appId) ?? 0),
      ...(
        await Promise.all(webhooksOf(app).map((endpoint) => judgeOne(endpoint, app, guard, look.rootKey)))
      ).flat(),
    ]),
  );
  return found.flat();
}

/** Finds the webhooks that get requests; a muted one gets none. */
const webhooksOf = ({ endpoints }: AppState): Endpoint[] =>
  endpoints.filter(({ targetType }) => targetType === 'HTTP');

async function judgeOne(
  endpoint: Endpoint,
  { projectId }: AppState,
  guard: AddressGuard,
  rootKey: RootKey | undefined,
): Promise<Finding[]> {
  let resolves = true;
  const addressesOf = async (name: string): Promise<string[]> => {
    try {
      return (await systemLookup(name)).map(({ address }) => address);
    } catch {
      resolves = false;
      return [];
    }
  };
  const problem = await checkTargetNow(endpoint.target, guard, addressesOf);
  return judgeWebhook({ endpoint, projectId, problem, resolves, secretLength: lengthOf(endpoint, rootKey) });
}

function lengthOf({ id, sealedSecret }: Endpoint, rootKey: RootKey | undefined): number | null {
  if (sealedSecret === null) return 0;
  return rootKey === undefined ? null : rootKey.open(sealedSecret, endpointSecretContext(id)).length;
}
