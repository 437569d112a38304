import { GATEWAY_SECRET } from '../stand-ins/gateway-app.js';
import type { Gateway } from '../stand-ins/gateway.js';
import type { Instance } from '../instance/instance.js';
import type { SeenHandOver } from './race-judge.js';
import { phone } from '../story.js';

/** Every call of an app on the simulator, as the simulated phones saw it. */
export async function seenByPhones(instance: Instance): Promise<SeenHandOver[]> {
  const seen = await phone(instance);
  return seen.map((one) => ({ messageId: one.message_id, at: Date.parse(one.handed_over_at) }));
}

/** Every call that a gateway got of the apps of `createGatewayApp`. */
export async function seenByGateway(gateway: Pick<Gateway, 'calls'>): Promise<SeenHandOver[]> {
  const calls = await gateway.calls(GATEWAY_SECRET);
  return calls.map(({ messageId, handedOverAt: at, arrivedAt }) => ({ messageId, at, arrivedAt }));
}
