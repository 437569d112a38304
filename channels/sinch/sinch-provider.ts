import { JSON_ANSWER } from '../provider/answer.js';
import { openInForce } from '../provider/app-secrets.js';
import type { Provider } from '../provider/descriptor.js';
import { openSinchAccount } from './sinch-account.js';
import { readSinchRequest, verifySinchRequest, type SinchInbound } from './sinch-inbound.js';
import { patchedSinch, showSinch, sinchWire } from './sinch-settings.js';
import { createSinchChannel } from './sinch-channel.js';

/** An app at the Sinch Conversation API. */
export const sinch: Provider<'sinch', typeof sinchWire, SinchInbound> = {
  name: 'sinch',
  settings: {
    wire: sinchWire,
    targets: ['base_url', 'auth_url'],
    show: showSinch,
    patch: patchedSinch,
  },
  inbound: {
    open: ({ projectId, appId, sealedInboundSecret, sealedPreviousInboundSecret }, { secrets }) => ({
      projectId,
      appId,
      secrets: openInForce(secrets.inbound, sealedInboundSecret, sealedPreviousInboundSecret),
    }),
    verify: verifySinchRequest,
    read: readSinchRequest,
    answer: JSON_ANSWER,
  },
  openChannel: (settings, { secrets }, parts) =>
    createSinchChannel(parts, openSinchAccount(settings, secrets.channel)),
};
