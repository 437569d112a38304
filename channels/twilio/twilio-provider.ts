import { openInForce } from '../provider/app-secrets.js';
import type { Provider } from '../provider/descriptor.js';
import { openTwilioAccount } from './twilio-account.js';
import { TWIML_ANSWER } from './twilio-answer.js';
import { patchedTwilio, showTwilio, twilioWire } from './twilio-settings.js';
import { readTwilioRequest, verifyTwilioRequest, type TwilioInbound } from './twilio-inbound.js';
import { createTwilioChannel } from './twilio-channel.js';

/** An account at Twilio. */
export const twilio: Provider<'twilio', typeof twilioWire, TwilioInbound> = {
  name: 'twilio',
  settings: {
    wire: twilioWire,
    targets: ['base_url'],
    show: showTwilio,
    patch: patchedTwilio,
  },
  inbound: {
    open: ({ sealedAuthToken, sealedPreviousAuthToken }, { publicUrl, secrets }) => ({
      publicUrl,
      authTokens: openInForce(secrets.inbound, sealedAuthToken, sealedPreviousAuthToken),
    }),
    verify: verifyTwilioRequest,
    read: readTwilioRequest,
    answer: TWIML_ANSWER,
  },
  openChannel: (settings, opening, parts) => createTwilioChannel(parts, openTwilioAccount(settings, opening)),
};
