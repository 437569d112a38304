import {
  DEFAULT_CONSENT_SETTINGS,
  DEFAULT_DELIVERY_SETTINGS,
  type AppState,
} from '../../../domain/settings.js';
import type { SinchSettings } from '../../../domain/schemas/providers/sinch.js';
import type { TwilioSettings } from '../../../domain/schemas/providers/twilio.js';

/** An app with everything set that can be set. */
export const SAMPLE_APP: AppState = {
  projectId: 'p-1',
  appId: 'app-1',
  deleted: false,
  displayName: 'Shop',
  processingMode: 'DISPATCH',
  profile: { retention_policy: { ttl_days: 180 } },
  consent: {
    ...DEFAULT_CONSENT_SETTINGS,
    suspectedStops: 'flag',
    keywords: [
      {
        language: 'EN',
        listType: 'OPT_OUT_ALL',
        direction: 'OPT_OUT',
        words: ['QUIT'],
        replaceDefaults: false,
      },
    ],
    replies: [{ language: 'EN', listType: 'OPT_OUT_ALL', direction: 'OPT_OUT', text: 'Bye.' }],
    help: [{ language: 'EN', words: ['AID'], replaceDefaults: false, text: 'Call us.' }],
  },
  channel: { type: 'http', url: 'https://gateway.example/', sealedSecret: 's', idempotent: false },
  endpoints: [
    {
      id: 'wh-1',
      target: 'https://receiver.example/',
      targetType: 'HTTP',
      sealedSecret: 's',
      triggers: ['OPT_OUT'],
      clientCredentials: {
        clientId: 'c',
        sealedClientSecret: 's',
        endpoint: 'https://auth.example/',
        scope: 'x',
        responseType: 'y',
        tokenRequestType: 'FORM',
      },
      delivery: { ...DEFAULT_DELIVERY_SETTINGS, delays: [1, 2.5] },
      disabled: { reason: 'gone' },
    },
  ],
  sealedOverrideSecret: 's',
};

export const SAMPLE_SINCH: SinchSettings = {
  type: 'sinch',
  projectId: 'sp-1',
  appId: 'SA1',
  region: 'eu',
  baseUrl: 'https://sinch.example',
  authUrl: null,
  keyId: 'k',
  sealedKeySecret: 's',
  sealedInboundSecret: 's',
  sealedPreviousInboundSecret: 's',
};

export const SAMPLE_TWILIO: TwilioSettings = {
  type: 'twilio',
  accountSid: 'AC1',
  sealedAuthToken: 's',
  sealedPreviousAuthToken: 's',
  apiKey: { sid: 'SK1', sealedSecret: 's' },
  messagingServiceSid: 'MG1',
  baseUrl: 'https://twilio.example',
};
