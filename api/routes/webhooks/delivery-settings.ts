import type { z } from 'zod';
import type { DeliverySettings } from '../../../domain/settings.js';
import { changeEndpoint, readEndpoint } from '../../../ledger/commands/endpoint-commands.js';
import { actorOf } from '../../auth/actor.js';
import type { Api, AppDeps } from '../../deps.js';
import { findWebhook } from '../../shapes/webhook-shapes.js';
import { webhookParams } from '../../wire/common.js';
import {
  deliverySettings,
  deliverySettingsPatch,
  type DeliverySettingsPatch,
} from '../../wire/webhooks/delivery-settings.js';

const tags = ['Settings'];
const PATH = '/v1/projects/:project_id/webhooks/:webhook_id/delivery-settings';

function toWire({ profile, delays, timeoutS }: DeliverySettings): z.infer<typeof deliverySettings> {
  return { profile, ...(delays === undefined ? {} : { delays: [...delays] }), timeout_s: timeoutS };
}

function patched(before: DeliverySettings, patch: DeliverySettingsPatch): DeliverySettings {
  const delays = patch.delays === undefined ? before.delays : patch.delays;
  return {
    profile: patch.profile ?? before.profile,
    timeoutS: patch.timeout_s ?? before.timeoutS,
    ...(delays ? { delays } : {}),
  };
}

/** Serves how long and how often a webhook is tried; the route is ours, so it refuses unknown keys. */
export function registerDeliverySettings(app: Api, deps: AppDeps): void {
  app.get(
    PATH,
    {
      schema: {
        summary: "Get a webhook's delivery settings",
        tags,
        params: webhookParams,
        response: { 200: deliverySettings },
      },
    },
    async (request) => toWire((await readEndpoint(deps.ledger, findWebhook(deps, request.params))).delivery),
  );

  app.patch(
    PATH,
    {
      schema: {
        summary: "Change a webhook's delivery settings",
        tags,
        params: webhookParams,
        body: deliverySettingsPatch,
        response: { 200: deliverySettings },
      },
    },
    async (request) => {
      const target = { ...findWebhook(deps, request.params), actor: actorOf(request) };
      const changed = await changeEndpoint(deps, target, (endpoint) => ({
        ...endpoint,
        delivery: patched(endpoint.delivery, request.body),
      }));
      return toWire(changed.delivery);
    },
  );
}
